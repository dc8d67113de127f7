// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/memory.h"

#include <dmabuf/heap.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/u64.h"

void heap_say_bytes(uint64_t bytes, char *to, size_t size)
{
	if (bytes % (1 << 20) == 0)
		snprintf(to, size, "%" PRIu64 "M", bytes >> 20);
	else
		snprintf(to, size, "%" PRIu64 "K",
			 (bytes >> 10) + !!(bytes % 1024));
}

static const struct dmabuf_heap *find_heap(const struct dmabuf_heaps *heaps,
					   const char *node)
{
	const struct dmabuf_heap *heap = NULL;
	const char *alias = NULL;

	while ((heap = dmabuf_heaps_next(heaps, heap))) {
		if (!strcmp(dmabuf_heap_name(heap), node))
			return heap;
		while ((alias = dmabuf_heap_next_alias(heap, alias)))
			if (!strcmp(alias, node))
				return heap;
	}
	return NULL;
}

DEFINE_CLEANUP(heaps, struct dmabuf_heaps, dmabuf_heaps_free)

/*
 * Says why no buffer fits into a run that is long enough. The kernel aligns a
 * buffer to its size, and moves movable pages of others out of its way.
 */
static void say_why_not(const struct dmabuf_heap *heap, uint64_t bytes,
			char *to, size_t size)
{
	uint64_t largest;
	char text[24];

	if (dmabuf_heap_largest_alloc(heap, &largest)) {
		snprintf(to, size, ", but CMA aligns buffers: less may fit");
	} else if (bytes > largest) {
		heap_say_bytes(largest, text, sizeof(text));
		snprintf(to, size, ", but CMA aligns buffers: %s fits", text);
	} else {
		snprintf(to, size, ", but its pages may be in use");
	}
}

/* Compares the requested memory with what the region has. */
static int why_region(struct dmabuf_ctx *ctx, const struct dmabuf_heap *heap,
		      const char *node, const char *wanted, uint64_t bytes)
{
	char there[24], unused[24] = "an unknown part", run[24] = "not known",
			why_not[64] = "";
	const char *region = dmabuf_heap_region(heap);
	uint64_t size, n;

	if (dmabuf_heap_size(heap, &size))
		return error_set(&ctx->error, -ENOMEM,
				 "%.64s: its region '%.48s' has no %s in one "
				 "piece",
				 node, region, wanted);
	heap_say_bytes(size, there, sizeof(there));
	if (bytes > size)
		return error_set(&ctx->error, -ENOMEM,
				 "%.64s: a buffer of %s is larger than its "
				 "region '%.48s', %s",
				 node, wanted, region, there);
	if (!dmabuf_heap_unused(heap, &n))
		heap_say_bytes(n, unused, sizeof(unused));
	if (!dmabuf_heap_largest(heap, &n)) {
		heap_say_bytes(n, run, sizeof(run));
		if (bytes <= n)
			say_why_not(heap, bytes, why_not, sizeof(why_not));
	}
	error_set(
		&ctx->error, -ENOMEM,
		"%.64s: its region '%.48s' has no %s in one piece: %s of %s is "
		"free, the largest run is %s%s",
		node, region, wanted, unused, there, run, why_not);
	return error_hint(&ctx->error,
			  "run dmabuf heaps: it shows who uses the memory");
}

int heap_why_no_buffer(struct dmabuf_ctx *ctx, const char *node, uint64_t bytes,
		       int err)
{
	_cleanup_(heaps_cleanup) struct dmabuf_heaps *heaps = NULL;
	const struct dmabuf_heap *heap = NULL;
	char wanted[24];

	heap_say_bytes(bytes, wanted, sizeof(wanted));
	if (err == -ENOMEM && !dmabuf_heaps_list(ctx, &heaps))
		heap = find_heap(heaps, node);
	if (heap && dmabuf_heap_region(heap))
		return why_region(ctx, heap, node, wanted, bytes);
	return error_set_errno(&ctx->error, err, "%.64s: no buffer of %s", node,
			       wanted);
}

/*
 * Kernels from 5.10 to 6.12 try to allocate it, and kill one process after the
 * other before they fail.
 */
int heap_check_memory(struct dmabuf_ctx *ctx, uint64_t bytes)
{
	const uint64_t memory =
		u64_sat_mul(sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGESIZE));
	char size[24], there[24];

	if (bytes <= memory)
		return 0;
	heap_say_bytes(bytes, size, sizeof(size));
	heap_say_bytes(memory, there, sizeof(there));
	return error_set(&ctx->error, -ENOMEM,
			 "a buffer of %s is larger than the memory of this "
			 "machine, %s",
			 size, there);
}
