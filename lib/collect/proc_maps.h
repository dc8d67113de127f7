/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* References by mappings, from /proc. */
#ifndef COLLECT_PROC_MAPS_H
#define COLLECT_PROC_MAPS_H

#include "collect/proc_task.h"

/*
 * Adds a reference for each mapping of a dma-buf in each process. @covers takes
 * DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) when all processes could be searched;
 * otherwise @snapshot takes a gap "holders".
 *
 * Return: 0 or -errno with the reason in ctx->error.
 */
int proc_read_maps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers);

/* For sinks: adds a reference for a mapping. Return: 0 or -ENOMEM. */
int proc_add_mapping(struct proc_walk *walk, const struct proc_task *task,
		     const struct proc_mapping *mapping);

#endif
