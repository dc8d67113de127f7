// SPDX-License-Identifier: GPL-2.0-or-later
/* Heaps, CMA regions and the device tree of a recorded system. */
#include <dmabuf/heap.h>

#include "core/context.h"
#include "tree.h"

static void look(const struct dmabuf_heaps *heaps)
{
	const struct dmabuf_heap *heap = NULL;
	const struct dmabuf_error *error = dmabuf_heaps_error(heaps);
	const char *alias;
	uint64_t size, number;

	must(!error->err || error->text[0]);
	error = dmabuf_heaps_alloc_error(heaps);
	must(!error->err || error->text[0]);
	while ((heap = dmabuf_heaps_next(heaps, heap))) {
		must(dmabuf_heap_name(heap)[0]);
		alias = NULL;
		while ((alias = dmabuf_heap_next_alias(heap, alias)))
			must(strcmp(alias, dmabuf_heap_name(heap)));
		(void)dmabuf_heap_used(heap, &number);
		if (!dmabuf_heap_unused(heap, &number))
			must(!dmabuf_heap_size(heap, &size) && number <= size);
		(void)dmabuf_heap_largest(heap, &number);
		if (!dmabuf_heap_largest_alloc(heap, &number))
			must(!dmabuf_heap_size(heap, &size) && number <= size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts) };
	struct dmabuf_heaps *heaps;
	struct dmabuf_ctx *ctx;
	char *name;

	tree_begin();
	tree_unpack(data, size);
	opts.sysroot = tree;
	must(dmabuf_ctx_new(&opts, &ctx) == 0);
	if (!dmabuf_heaps_list(ctx, &heaps)) {
		look(heaps);
		dmabuf_heaps_free(heaps);
	} else {
		must(ctx->error.err && ctx->error.text[0]);
	}
	if (!dmabuf_heap_resolve(ctx, "default-cma", &name)) {
		must(name[0]);
		free(name);
	}
	dmabuf_ctx_free(ctx);
	tree_clear();
	return 0;
}
