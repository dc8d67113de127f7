/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds records to a snapshot. */
#ifndef SNAPSHOT_RECORD_ADD_H
#define SNAPSHOT_RECORD_ADD_H

#include <sys/types.h>

#include "snapshot/snapshot.h"

/*
 * Adds a copy of the record that @size bytes at @data begin with. A record of
 * an unknown kind is stepped over, a longer one cut to what we know; strings
 * are made to end.
 *
 * Return: bytes of the record, 0 when @size is less than the whole record,
 * -EBADMSG when it is none, -ENOMEM.
 */
ssize_t snapshot_add(struct dmabuf_snapshot *snapshot, const void *data,
		     size_t size);

#endif
