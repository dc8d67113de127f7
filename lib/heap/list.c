// SPDX-License-Identifier: LGPL-2.1-or-later
/* Lists heaps; several nodes may belong to one heap. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "heap/heap_name.h"
#include "heap/node.h"
#include "heap/region_gaps.h"
#include "util/cleanup.h"

struct dmabuf_heap {
	const struct dmabuf_heaps *heaps;
	size_t node;
};

struct dmabuf_heaps {
	struct vec regions; /* struct region */
	struct vec nodes; /* struct heap_node, sorted by name */
	struct vec heaps; /* struct dmabuf_heap */
	struct dmabuf_error error, alloc_error;
};

DEFINE_CLEANUP(heaps, struct dmabuf_heaps, dmabuf_heaps_free)

/* Whether a node has the same device; the one that is no link comes first. */
static bool is_behind(const struct heap_node *node,
		      const struct heap_node *other)
{
	return node->has_device == other->has_device && node->of == other->of &&
	       node->number == other->number &&
	       (node->is_link > other->is_link ||
		(node->is_link == other->is_link && node > other));
}

/* Return: the node that @node is another name of, such as a link, or itself. */
static const struct heap_node *first_name(const struct vec *nodes,
					  const struct heap_node *node)
{
	const struct heap_node *first = node, *other = NULL;

	while ((other = vec_next(nodes, other)))
		if (is_behind(first, other))
			first = other;
	return first;
}

/*
 * Several names of a node are one heap. So are two nodes of a region, named by
 * the fixed name if it exists; with other caching they are two.
 */
static void find_aliases(struct dmabuf_heaps *heaps)
{
	const struct heap_node *fixed =
		nodes_find(&heaps->nodes, HEAP_DEFAULT_CMA);
	const struct heap_node *first;
	struct heap_node *node = NULL;

	while ((node = vec_next(&heaps->nodes, node))) {
		first = first_name(&heaps->nodes, node);
		node->region = first->region;
		if (fixed && first->region && first->region == fixed->region &&
		    !heap_is_uncached(first->name))
			first = fixed;
		node->alias_of = vec_index(&heaps->nodes, first);
	}
}

static bool has_unknown_memory(const struct dmabuf_heaps *heaps,
			       const struct heap_node *node)
{
	return !node->region && !heap_is_system(node->name) &&
	       node->alias_of == vec_index(&heaps->nodes, node);
}

/* Ignores missing figures of regions without a heap. */
static bool misses_figures(const struct dmabuf_heaps *heaps)
{
	const struct heap_node *node = NULL;

	while ((node = vec_next(&heaps->nodes, node)))
		if (node->region ? !region_is_known(node->region)
				 : has_unknown_memory(heaps, node))
			return true;
	return false;
}

static void explain_unknown(struct dmabuf_heaps *heaps)
{
	const struct heap_node *node = NULL;

	while (!heaps->error.err && (node = vec_next(&heaps->nodes, node)))
		if (has_unknown_memory(heaps, node))
			error_set(&heaps->error, -ENODATA,
				  "'%.64s': no CMA region has the name of this "
				  "heap, so its memory is not known",
				  node->name);
}

/* Of regions of which all else is known. */
static void explain_alloc(struct dmabuf_ctx *ctx, struct dmabuf_heaps *heaps)
{
	const struct heap_node *node = NULL;

	while (!heaps->alloc_error.err &&
	       (node = vec_next(&heaps->nodes, node)))
		if (node->region && region_is_known(node->region) &&
		    !region_largest_alloc(node->region).known)
			region_explain_alloc(&ctx->sysroot, node->region,
					     &heaps->alloc_error);
}

static int fill(struct dmabuf_ctx *ctx, struct dmabuf_heaps *heaps)
{
	struct dmabuf_heap heap = { .heaps = heaps };
	struct heap_node *node;

	for (heap.node = 0; heap.node < heaps->nodes.n; heap.node++) {
		node = vec_at(&heaps->nodes, heap.node);
		node->region =
			heap_region(&ctx->sysroot, &heaps->regions, node->name);
	}
	find_aliases(heaps);
	if (!misses_figures(heaps))
		heaps->error = (struct dmabuf_error){};
	else if (!heaps->error.err)
		explain_unknown(heaps);
	explain_alloc(ctx, heaps);
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
		return error_no_memory(&ctx->error);
	heaps->regions.each = sizeof(struct region);
	heaps->nodes.each = sizeof(struct heap_node);
	heaps->heaps.each = sizeof(struct dmabuf_heap);
	r = nodes_read(ctx, &heaps->nodes);
	if (r)
		return r;
	if (regions_read(&ctx->sysroot, &heaps->regions, &heaps->error) ||
	    fill(ctx, heaps))
		return error_no_memory(&ctx->error);

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

const struct dmabuf_error *dmabuf_heaps_alloc_error(
	const struct dmabuf_heaps *heaps)
{
	return &heaps->alloc_error;
}

static const struct heap_node *node_of(const struct dmabuf_heap *heap)
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
	const struct heap_node *node = NULL;

	if (prev)
		node = (const struct heap_node *)(prev -
						  offsetof(struct heap_node,
							   name));
	while ((node = vec_next(nodes, node)))
		if (node->alias_of == heap->node &&
		    vec_index(nodes, node) != heap->node)
			return node->name;
	return NULL;
}

int dmabuf_heap_device(const struct dmabuf_heap *heap, unsigned int *ret_major,
		       unsigned int *ret_minor)
{
	const struct heap_node *node = node_of(heap);

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

int dmabuf_heap_largest_alloc(const struct dmabuf_heap *heap, uint64_t *ret)
{
	const struct region *region = node_of(heap)->region;

	return region ? give(region_largest_alloc(region), ret) : -ENODATA;
}
