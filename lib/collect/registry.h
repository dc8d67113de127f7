/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds collectors by name. dmabuf_collector_next() lists them, best first. */
#ifndef COLLECT_REGISTRY_H
#define COLLECT_REGISTRY_H

#include "core/context.h"

/* Return: the collector, or NULL. */
const struct dmabuf_collector *collector_find(const char *name);

/*
 * Reads the options of a caller: @known takes a copy, @forced the collector
 * that they name, or NULL. Return: 0, or -EINVAL with the reason in ctx->error.
 */
int collector_read_opts(struct dmabuf_ctx *ctx,
			const struct dmabuf_snapshot_opts *opts,
			struct dmabuf_snapshot_opts *known,
			const struct dmabuf_collector **forced);

#endif
