/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COLLECT_TASK_TABLES_H
#define COLLECT_TASK_TABLES_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/*
 * Reads the tables of descriptors of all tasks from user space, where the
 * kernel has no types for its own iterators. Adds references of types
 * DMABUF_REC_REF_FD, PATH and FILE to @snapshot. Return: 0, or -errno with the
 * reason in @ctx->error.
 */
int task_tables_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot);

#endif
