/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What keeps buffers alive besides descriptors and mappings. */
#ifndef LIB_KEPT_H
#define LIB_KEPT_H

#include "ctx.h"
#include "snapshot.h"

/* Kinds of files that are there to be looked into. */
enum kept_files {
	KEPT_OTHERS = 1 << 0,
	KEPT_DRM = 1 << 1,
	KEPT_VIDEO = 1 << 2,
};

/*
 * Adds the holds of messages in flight, io_urings, iterators, GEM handles and
 * V4L2 queues, as far as there are @files of their kind. What cannot be seen on
 * this kernel is a gap. @sees takes the bits of those that could. Return: 0, or
 * -errno with the reason in @ctx->why.
 */
int kept_collect(struct dmabuf_ctx *ctx, unsigned int files,
		 struct dmabuf_snapshot *snapshot, uint32_t *sees);

#endif
