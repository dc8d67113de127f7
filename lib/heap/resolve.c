// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds the node for a name or a purpose of a heap. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "heap/default_region.h"
#include "heap/heap_name.h"
#include "heap/node.h"
#include "util/array.h"
#include "util/cleanup.h"

/*
 * Whether the device tree has the region, and does not make it the default one.
 * The name "reserved" may also be that of the kernel's own region.
 */
static bool region_is_other(const struct sysroot *sysroot, const char *name)
{
	return strcmp(name, "reserved") && region_is_of_tree(sysroot, name) &&
	       !region_is_marked(sysroot, name);
}

/* Finds the heap of the default region by its known names, the best first. */
static const char *find_default(const struct sysroot *sysroot,
				const struct vec *nodes,
				const struct vec *regions)
{
	static const char *const legacy[] = { "linux,cma", "default-pool",
					      "reserved", HEAP_VENDOR_CMA };
	const struct region *region = regions_default(sysroot, regions);
	const struct heap_node *node = NULL;
	size_t i;

	if (nodes_find(nodes, HEAP_DEFAULT_CMA))
		return HEAP_DEFAULT_CMA;
	/* A heap has a region, even one that this user cannot see. */
	while ((node = vec_next(nodes, node)))
		if (!heap_is_system(node->name) &&
		    region_is_marked(sysroot, node->name))
			return node->name;
	if (region && nodes_find(nodes, region->name))
		return region->name;
	for (i = 0; i < ARRAY_SIZE(legacy); i++)
		if (nodes_find(nodes, legacy[i]) &&
		    !region_is_other(sysroot, legacy[i]))
			return legacy[i];
	return NULL;
}

/* Writes the names of all nodes, for an error. */
static void say_names(const struct vec *nodes, char *to, size_t size)
{
	const struct heap_node *node = NULL;
	size_t n = 0;

	to[0] = 0;
	while ((node = vec_next(nodes, node)) && n < size)
		n += snprintf(to + n, size - n, "%s%s", n ? " " : "",
			      node->name);
}

int dmabuf_heap_resolve(struct dmabuf_ctx *ctx, const char *heap, char **ret)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(struct heap_node);
	_cleanup_(vec_fini) struct vec regions = VEC_OF(struct region);
	bool purpose = !strcmp(heap, "default-cma");
	struct dmabuf_error ignored;
	const char *name = heap;
	char names[160], *copy;
	int r;

	ctx->error = (struct dmabuf_error){};
	r = nodes_read(ctx, &nodes);
	if (r)
		return r;
	if (purpose) {
		if (regions_read(&ctx->sysroot, &regions, &ignored))
			return error_no_memory(&ctx->error);
		name = find_default(&ctx->sysroot, &nodes, &regions);
	}
	if (!name || !nodes_find(&nodes, name)) {
		say_names(&nodes, names, sizeof(names));
		error_set(&ctx->error, -ENOENT,
			  "there is no heap '%.64s'; there are: %s", heap,
			  names);
		if (purpose)
			error_hint(&ctx->error,
				   "reserve a region with cma=64M, and boot a "
				   "kernel with CONFIG_DMABUF_HEAPS_CMA=y");
		return -ENOENT;
	}
	copy = strdup(name);
	if (!copy)
		return error_no_memory(&ctx->error);
	*ret = copy;
	return 0;
}
