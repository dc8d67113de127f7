/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* References to buffers other than descriptors and mappings. */
#ifndef COLLECT_INDIRECT_REFS_H
#define COLLECT_INDIRECT_REFS_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/* The types of references it finds, if the kernel allows it. */
#define INDIRECT_COVERS                                                        \
	(DMABUF_REC_COVERS(DMABUF_REC_REF_MESSAGE) |                           \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_ITERATOR) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_OBJECT) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER) |                       \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2))

/*
 * Loads the programs of all kinds of files, as far as this kernel takes them.
 * Return: 0, or -ENOMEM with the reason in @ctx->error.
 */
int indirect_load(struct dmabuf_ctx *ctx);

/*
 * Adds the references of messages in flight, io_urings, iterators, GEM handles
 * and V4L2 queues. What cannot be seen on this kernel becomes a gap. @covers
 * takes the bits of the other types. Return: 0, or -errno with the reason in
 * @ctx->error.
 */
int indirect_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers);

#endif
