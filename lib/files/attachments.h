/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices that are attached to buffers, for collectors that do not read them.
 */
#ifndef FILES_ATTACHMENTS_H
#define FILES_ATTACHMENTS_H

#include "files/reach.h"
#include "snapshot/snapshot.h"

/*
 * Reads the attachments of those buffers of @snapshot that do not have them
 * yet. The lists of some may be cut, see struct dmabuf_rec_buffer. Drops those
 * buffers that are gone by now. Return: 0, or -errno with the reason in
 * @ctx->error.
 */
int attachments_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot);

/* Does so with a search that has its memory and layout. */
void attachments_find(struct reach *reach, struct dmabuf_snapshot *snapshot);

#endif
