/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers in order, each once, with their attachments. */
#ifndef SNAPSHOT_BUFFERS_H
#define SNAPSHOT_BUFFERS_H

#include "snapshot/snapshot.h"

/*
 * Sorts and joins; call it once, after the last record. Return: 0 or -ENOMEM.
 */
int snapshot_join_buffers(struct dmabuf_snapshot *snapshot);

/*
 * Return: the first attachment that does not sort before those of @buffer, or
 * NULL.
 */
const struct dmabuf_rec_attachment *attachments_first(
	const struct vec *attachments, const struct dmabuf_rec_buffer *buffer);

#endif
