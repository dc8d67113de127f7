// SPDX-License-Identifier: LGPL-2.1-or-later
/* Loads what later snapshots need, so that they need fewer privileges. */
#include <errno.h>

#include "collect/collector.h"
#include "collect/registry.h"

static bool gives(const struct dmabuf_collector *collector, bool holders)
{
	return holders ? collector->holders != NULL
		       : collector->collect != NULL;
}

/*
 * Loads the programs of @forced, or of the best collector that has some and
 * whose programs can be loaded. That there is none is not an error: the others
 * need no programs. Return: 0, or -errno with the reason in ctx->error.
 */
static int load_best(struct dmabuf_ctx *ctx,
		     const struct dmabuf_collector *forced, bool holders)
{
	const struct dmabuf_collector *collector = NULL;
	int r;

	if (forced && gives(forced, holders)) {
		r = forced->load ? forced->load(ctx) : 0;
		/* Loaded, but truncated by the kernel: its answer has a gap. */
		return r == -ENODATA ? 0 : r;
	}
	while ((collector = dmabuf_collector_next(collector))) {
		if (!gives(collector, holders) || !collector->load)
			continue;
		r = collector->load(ctx);
		if (!r || r == -ENOMEM)
			return r;
	}
	return 0;
}

int dmabuf_ctx_prepare(struct dmabuf_ctx *ctx,
		       const struct dmabuf_snapshot_opts *opts)
{
	const struct dmabuf_collector *forced = NULL;
	struct dmabuf_snapshot_opts known;
	int r;

	r = collector_read_opts(ctx, opts, &known, &forced);
	if (!r && sysroot_is_live(&ctx->sysroot)) {
		r = load_best(ctx, forced, false);
		if (!r && known.holders)
			r = load_best(ctx, forced, true);
	}
	if (!r)
		ctx->error = (struct dmabuf_error){};
	return r;
}
