/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of descriptors, as a BPF program of ours reads them. */
#ifndef COLLECT_TABLES_H
#define COLLECT_TABLES_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/*
 * Adds references of types DMABUF_REC_REF_FD, PATH and FILE to @snapshot, by
 * key only. Return: 0; -EOPNOTSUPP when the kernel's iterator over files is to
 * be used: few files are open, this kernel or this PID namespace needs it, or a
 * table was replaced meanwhile; or another -errno with the reason in
 * ctx->error. On failure @snapshot is as before.
 */
int tables_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot);

#endif
