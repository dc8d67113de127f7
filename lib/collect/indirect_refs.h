/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What keeps buffers alive besides descriptors and mappings. */
#ifndef COLLECT_INDIRECT_REFS_H
#define COLLECT_INDIRECT_REFS_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/* What it finds, as far as kernels let it. */
#define INDIRECT_COVERS                                                        \
	(DMABUF_REC_COVERS(DMABUF_REC_REF_MESSAGE) |                           \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_ITERATOR) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_OBJECT) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2))

/*
 * Adds the references to messages in flight, io_urings, iterators, GEM handles
 * and V4L2 queues. What cannot be seen on this kernel is a gap. @covers takes
 * the bits of those that could. Return: 0, or -errno with the reason in
 * @ctx->error.
 */
int indirect_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers);

#endif
