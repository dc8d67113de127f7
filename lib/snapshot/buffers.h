/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sorts buffers and joins attachments to them. */
#ifndef SNAPSHOT_BUFFERS_H
#define SNAPSHOT_BUFFERS_H

#include "snapshot/key_map.h"
#include "snapshot/snapshot.h"

/*
 * Sorts buffers by inode number, drops those read twice and attachments of torn
 * reads. Call it after the last record. Return: 0 or -ENOMEM.
 */
int snapshot_join_buffers(struct dmabuf_snapshot *snapshot);

/*
 * Moves the released buffers to the others, each once. Their last reference is
 * gone, so that they have left the kernel's list, but their memory stays: a
 * descriptor opened with O_PATH keeps the directory entry of a buffer, and with
 * it the buffer. Call it before references are joined. Return: 0 or -ENOMEM.
 */
int snapshot_join_released(struct dmabuf_snapshot *snapshot);

/*
 * Return: where the buffers are by key, or NULL without memory. It is made
 * again when their number has changed. Ownership: the snapshot's.
 */
const struct key_map *snapshot_index(struct dmabuf_snapshot *snapshot);
void snapshot_drop_index(struct dmabuf_snapshot *snapshot);

/*
 * Return: the first attachment of @buffer, or another buffer's if it has none,
 * or NULL.
 */
const struct dmabuf_rec_attachment *attachments_first(
	const struct vec *attachments, const struct buffer *buffer);

#endif
