/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ring buffers through which BPF programs send records to a snapshot. */
#ifndef COLLECT_RING_H
#define COLLECT_RING_H

#include <bpf/libbpf.h>

#include "core/context.h"
#include "snapshot/snapshot.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(ring, struct ring_buffer, ring_buffer__free)

/*
 * Maps the ring buffer of the BPF map @fd; its records go to @snapshot. Return:
 * 0, -ENOBUFS when there is no memory for the mapping, or another -errno; the
 * reason in @ctx->error.
 *
 * Ownership: the caller frees @ret with ring_buffer__free(), or declares it
 * with ring_cleanup().
 */
int ring_new(struct dmabuf_ctx *ctx, int fd, struct dmabuf_snapshot *snapshot,
	     struct ring_buffer **ret);

/*
 * Moves all records of the ring to its snapshot. Return: 0, or -errno with the
 * reason in @ctx->error.
 */
int ring_drain(struct dmabuf_ctx *ctx, struct ring_buffer *ring);

#endif
