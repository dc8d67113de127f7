/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds records to a snapshot. */
#ifndef SNAPSHOT_RECORD_ADD_H
#define SNAPSHOT_RECORD_ADD_H

#include <sys/types.h>

#include "snapshot/snapshot.h"

/*
 * Adds a copy of the record at @data. @size is the number of bytes there. Skips
 * a record of an unknown kind, cuts a longer one to the fields we know, and
 * terminates strings.
 *
 * Return: bytes of the record, 0 when @size is less than the whole record,
 * -EBADMSG when it is not a record, -ENOMEM.
 */
ssize_t snapshot_add(struct dmabuf_snapshot *snapshot, const void *data,
		     size_t size);

/* Adds a buffer whose texts end within their fields. Return: 0 or -ENOMEM. */
int snapshot_add_buffer(struct dmabuf_snapshot *snapshot,
			const struct dmabuf_rec_buffer *rec);

#endif
