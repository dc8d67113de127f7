/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the collector procfs that another one can use. */
#ifndef COLLECT_PROCFS_H
#define COLLECT_PROCFS_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/*
 * Adds a hold for each mapping of a dma-buf in each process. @covers takes
 * DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) when all processes could be looked at;
 * else @snapshot takes a gap "holders".
 *
 * Return: 0 or -errno with the reason in ctx->error.
 */
int proc_read_maps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers);

#endif
