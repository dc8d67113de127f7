// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which heaps there are, and which nodes are the same one. */
#include <dirent.h>
#include <dmabuf/heap.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "heap/nodes.h"
#include "heap/region.h"
#include "util/cleanup.h"

/* Of the default region since Linux v6.17, and with our patches before. */
#define DEFAULT_CMA "default_cma_region"

/* One node. Another of the same region is an alias of the first. */
struct node {
	char name[64];
	bool has_device;
	dev_t device;
	int access;
	const struct region *region;
	size_t alias_of; /* index of another node, or its own */
};

struct dmabuf_heap {
	const struct dmabuf_heaps *heaps;
	size_t node;
};

struct dmabuf_heaps {
	struct vec regions; /* struct region */
	struct vec nodes; /* struct node, sorted by name */
	struct vec heaps; /* struct dmabuf_heap */
	struct dmabuf_error error;
};

DEFINE_CLEANUP(closedir, DIR, closedir)
DEFINE_CLEANUP(heaps, struct dmabuf_heaps, dmabuf_heaps_free)

static int compare_nodes(const void *left, const void *right)
{
	const struct node *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int why_no_heaps(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "/" HEAP_DIR ": %s", strerror(-err));
	if (err == -ENOENT && sysroot_is_live(&ctx->sysroot))
		return error_hint(&ctx->error,
				  "boot a kernel with "
				  "CONFIG_DMABUF_HEAPS=y and one of "
				  "its heaps");
	return err;
}

/* A recorded tree has a file where the system has a device. */
static int add_node(struct dmabuf_ctx *ctx, int dir, const char *name,
		    struct vec *nodes)
{
	struct node node = {};
	struct stat st;

	if (name[0] == '.' || strlen(name) >= sizeof(node.name) ||
	    fstatat(dir, name, &st, 0) || S_ISDIR(st.st_mode))
		return 0;
	strcpy(node.name, name);
	node.has_device = S_ISCHR(st.st_mode);
	if (!node.has_device && sysroot_is_live(&ctx->sysroot))
		return 0;
	node.device = st.st_rdev;
	node.access = faccessat(dir, name, R_OK, AT_EACCESS) ? -errno : 0;
	if (vec_push(nodes, &node))
		return error_set(&ctx->error, -ENOMEM, "out of memory");
	return 0;
}

static int read_nodes(struct dmabuf_ctx *ctx, struct vec *nodes)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	const struct dirent *entry;
	int fd, r;

	fd = sysroot_open(&ctx->sysroot, HEAP_DIR);
	if (fd < 0)
		return why_no_heaps(ctx, fd);
	dir = fdopendir(fd);
	if (!dir) {
		r = why_no_heaps(ctx, -errno);
		close(fd);
		return r;
	}
	while ((void)(errno = 0), (entry = readdir(dir))) {
		r = add_node(ctx, dirfd(dir), entry->d_name, nodes);
		if (r)
			return r;
	}
	if (errno)
		return why_no_heaps(ctx, -errno);
	vec_sort(nodes, compare_nodes);
	return nodes->n ? 0 : why_no_heaps(ctx, -ENOENT);
}

static const struct node *find_node(const struct vec *nodes, const char *name)
{
	const struct node *node = NULL;

	while ((node = vec_next(nodes, node)))
		if (!strcmp(node->name, name))
			return node;
	return NULL;
}

/*
 * Whether the device tree has the region, and does not make it the default one.
 * The kernel's own may have the name "reserved" all the same.
 */
static bool region_is_other(const struct sysroot *sysroot, const char *name)
{
	return strcmp(name, "reserved") && region_is_of_tree(sysroot, name) &&
	       !region_is_marked(sysroot, name);
}

/* The names that the default region's heap has had, the best first. */
static const char *find_default(const struct sysroot *sysroot,
				const struct vec *nodes,
				const struct vec *regions)
{
	static const char *const legacy[] = { "linux,cma", "default-pool",
					      "reserved" };
	const struct region *region = regions_default(sysroot, regions);
	const struct node *node = NULL;
	size_t i;

	if (find_node(nodes, DEFAULT_CMA))
		return DEFAULT_CMA;
	/* A heap is of a region, even of one that this user cannot see. */
	while ((node = vec_next(nodes, node)))
		if (strcmp(node->name, "system") &&
		    region_is_marked(sysroot, node->name))
			return node->name;
	if (region && find_node(nodes, region->name))
		return region->name;
	for (i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++)
		if (find_node(nodes, legacy[i]) &&
		    !region_is_other(sysroot, legacy[i]))
			return legacy[i];
	return NULL;
}

/* Names of all nodes, for an error. */
static void say_names(const struct vec *nodes, char *to, size_t size)
{
	const struct node *node = NULL;
	size_t n = 0;

	to[0] = 0;
	while ((node = vec_next(nodes, node)) && n < size)
		n += snprintf(to + n, size - n, "%s%s", n ? " " : "",
			      node->name);
}

DEFINE_CLEANUP(vec, struct vec, vec_fini)

int dmabuf_heap_resolve(struct dmabuf_ctx *ctx, const char *heap, char **ret)
{
	struct vec nodes = VEC_OF(struct node), regions = VEC_OF(struct region);
	_cleanup_(vec_cleanup) struct vec *owner = &nodes, *other = &regions;
	bool purpose = !strcmp(heap, "default-cma");
	struct dmabuf_error ignored;
	const char *name = heap;
	char names[160], *copy;
	int r;

	(void)owner;
	(void)other;
	ctx->error = (struct dmabuf_error){};
	r = read_nodes(ctx, &nodes);
	if (r)
		return r;
	if (purpose) {
		if (regions_read(&ctx->sysroot, &regions, &ignored))
			return error_set(&ctx->error, -ENOMEM, "out of memory");
		name = find_default(&ctx->sysroot, &nodes, &regions);
	}
	if (!name || !find_node(&nodes, name)) {
		say_names(&nodes, names, sizeof(names));
		error_set(&ctx->error, -ENOENT,
			  "there is no heap '%.64s'; there are: %s", heap,
			  names);
		if (purpose)
			error_hint(&ctx->error,
				   "reserve a region with cma=64M, and have "
				   "CONFIG_DMABUF_HEAPS_CMA=y");
		return -ENOENT;
	}
	copy = strdup(name);
	if (!copy)
		return error_set(&ctx->error, -ENOMEM, "out of memory");
	*ret = copy;
	return 0;
}

/* Two nodes of a region are one heap, which has the fixed name if there is. */
static void find_aliases(struct dmabuf_heaps *heaps)
{
	struct node *node, *other;
	size_t i, k;

	for (i = 0; i < heaps->nodes.n; i++) {
		node = vec_at(&heaps->nodes, i);
		node->alias_of = i;
		for (k = 0; k < heaps->nodes.n && node->region; k++) {
			other = vec_at(&heaps->nodes, k);
			if (k != i && other->region == node->region &&
			    !strcmp(other->name, DEFAULT_CMA))
				node->alias_of = k;
		}
	}
}

/*
 * The region that a node is of. Its name is that of the node, but for two: the
 * fixed name, and the system heap, which is of none even when a region has that
 * name.
 */
static const struct region *region_of(const struct sysroot *sysroot,
				      const struct vec *regions,
				      const char *node)
{
	if (!strcmp(node, DEFAULT_CMA))
		return regions_default(sysroot, regions);
	return strcmp(node, "system") ? regions_find(regions, node) : NULL;
}

/* Figures of regions that are of no heap are nobody's loss. */
static bool misses_figures(const struct dmabuf_heaps *heaps)
{
	const struct node *node = NULL;

	while ((node = vec_next(&heaps->nodes, node)))
		if (strcmp(node->name, "system") &&
		    (!node->region || !region_is_known(node->region)))
			return true;
	return false;
}

static int fill(struct dmabuf_ctx *ctx, struct dmabuf_heaps *heaps)
{
	struct dmabuf_heap heap = { .heaps = heaps };
	struct node *node;

	for (heap.node = 0; heap.node < heaps->nodes.n; heap.node++) {
		node = vec_at(&heaps->nodes, heap.node);
		node->region =
			region_of(&ctx->sysroot, &heaps->regions, node->name);
	}
	if (!misses_figures(heaps))
		heaps->error = (struct dmabuf_error){};
	find_aliases(heaps);
	for (heap.node = 0; heap.node < heaps->nodes.n; heap.node++) {
		node = vec_at(&heaps->nodes, heap.node);
		if (node->alias_of == heap.node &&
		    vec_push(&heaps->heaps, &heap))
			return -ENOMEM;
	}
	return 0;
}

int dmabuf_heaps_list(struct dmabuf_ctx *ctx, struct dmabuf_heaps **ret)
{
	_cleanup_(heaps_cleanup) struct dmabuf_heaps *heaps = NULL;
	int r;

	ctx->error = (struct dmabuf_error){};
	heaps = calloc(1, sizeof(*heaps));
	if (!heaps)
		return error_set(&ctx->error, -ENOMEM, "out of memory");
	heaps->regions.each = sizeof(struct region);
	heaps->nodes.each = sizeof(struct node);
	heaps->heaps.each = sizeof(struct dmabuf_heap);
	r = read_nodes(ctx, &heaps->nodes);
	if (r)
		return r;
	if (regions_read(&ctx->sysroot, &heaps->regions, &heaps->error) ||
	    fill(ctx, heaps))
		return error_set(&ctx->error, -ENOMEM, "out of memory");

	*ret = take_ptr(heaps);
	return 0;
}

void dmabuf_heaps_free(struct dmabuf_heaps *heaps)
{
	if (!heaps)
		return;
	vec_fini(&heaps->regions);
	vec_fini(&heaps->nodes);
	vec_fini(&heaps->heaps);
	free(heaps);
}

const struct dmabuf_heap *dmabuf_heaps_next(const struct dmabuf_heaps *heaps,
					    const struct dmabuf_heap *prev)
{
	return vec_next(&heaps->heaps, prev);
}

const struct dmabuf_error *dmabuf_heaps_error(const struct dmabuf_heaps *heaps)
{
	return &heaps->error;
}

static const struct node *node_of(const struct dmabuf_heap *heap)
{
	return vec_at(&heap->heaps->nodes, heap->node);
}

const char *dmabuf_heap_name(const struct dmabuf_heap *heap)
{
	return node_of(heap)->name;
}

const char *dmabuf_heap_next_alias(const struct dmabuf_heap *heap,
				   const char *prev)
{
	const struct vec *nodes = &heap->heaps->nodes;
	const struct node *node = NULL;

	if (prev)
		node = (const struct node *)(prev -
					     offsetof(struct node, name));
	while ((node = vec_next(nodes, node)))
		if (node->alias_of == heap->node &&
		    vec_index(nodes, node) != heap->node)
			return node->name;
	return NULL;
}

int dmabuf_heap_device(const struct dmabuf_heap *heap, unsigned int *ret_major,
		       unsigned int *ret_minor)
{
	const struct node *node = node_of(heap);

	if (!node->has_device)
		return -ENODATA;
	*ret_major = major(node->device);
	*ret_minor = minor(node->device);
	return 0;
}

int dmabuf_heap_access(const struct dmabuf_heap *heap)
{
	return node_of(heap)->access;
}

const char *dmabuf_heap_region(const struct dmabuf_heap *heap)
{
	const struct region *region = node_of(heap)->region;

	return region ? region->name : NULL;
}

static int give(struct opt_u64 value, uint64_t *ret)
{
	if (!value.known)
		return -ENODATA;
	*ret = value.number;
	return 0;
}

int dmabuf_heap_size(const struct dmabuf_heap *heap, uint64_t *ret)
{
	const struct region *region = node_of(heap)->region;

	return region ? give(region->size, ret) : -ENODATA;
}

int dmabuf_heap_used(const struct dmabuf_heap *heap, uint64_t *ret)
{
	const struct region *region = node_of(heap)->region;

	return region ? give(region->used, ret) : -ENODATA;
}

int dmabuf_heap_unused(const struct dmabuf_heap *heap, uint64_t *ret)
{
	uint64_t size, used;

	if (dmabuf_heap_size(heap, &size) || dmabuf_heap_used(heap, &used) ||
	    used > size)
		return -ENODATA;
	*ret = size - used;
	return 0;
}

int dmabuf_heap_largest(const struct dmabuf_heap *heap, uint64_t *ret)
{
	const struct region *region = node_of(heap)->region;

	return region ? give(region->largest, ret) : -ENODATA;
}
