/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* References to buffers that other files keep. */
#ifndef FILES_FILES_H
#define FILES_FILES_H

#include "core/context.h"
#include "snapshot/snapshot.h"

/* The types of references it finds, if the kernel allows it. */
#define FILES_COVERS                                                           \
	(DMABUF_REC_COVERS(DMABUF_REC_REF_MESSAGE) |                           \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_ITERATOR) |                          \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_OBJECT) |                        \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER) |                       \
	 DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2))

/*
 * Loads the program that reads files and attachments. Return: 0, or -errno with
 * the reason in @ctx->error.
 */
int files_load(struct dmabuf_ctx *ctx);

/*
 * Adds the references that files keep. @roots has the files of processes, as
 * struct dmabuf_rec_ref of type DMABUF_REC_REF_FILE, and is empty afterwards.
 * What cannot be seen becomes a gap. @covers takes the bits of the types that
 * were searched for. Return: 0, or -errno with the reason in @ctx->error.
 */
int files_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		  struct vec *roots, uint32_t *covers);

#define WAITERS_COVERS DMABUF_REC_COVERS(DMABUF_REC_REF_WAITER)

/*
 * Adds the references of those buffers whose references are not all found, as
 * seen from the buffer: what waits for its fences, and what the kernel's own
 * clients of DRM have. The rest is as above.
 */
int files_collect_waiters(struct dmabuf_ctx *ctx,
			  struct dmabuf_snapshot *snapshot, uint32_t *covers);

/*
 * Adds the buffers that only descriptors opened with O_PATH keep, which have no
 * reference to a buffer's file, but keep its directory entry. @paths has these
 * descriptors, as struct dmabuf_rec_ref of type DMABUF_REC_REF_PATH. The rest
 * is as above.
 */
int files_collect_released(struct dmabuf_ctx *ctx,
			   struct dmabuf_snapshot *snapshot, struct vec *paths,
			   uint32_t *covers);

#endif
