/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers whose last reference is gone, so that they have left the kernel's
 * list, but whose memory stays: a descriptor opened with O_PATH keeps the
 * directory entry of a buffer, and with it the buffer.
 */
#ifndef SNAPSHOT_RELEASED_H
#define SNAPSHOT_RELEASED_H

#include "snapshot/snapshot.h"

/*
 * Adds a gap that says how many buffers the descriptors keep, how large these
 * are, and one of the processes. @released: struct dmabuf_rec_ref, of which
 * bytes is the size of the buffer; it is sorted. Return: 0 or -ENOMEM.
 */
int snapshot_add_released(struct dmabuf_snapshot *snapshot,
			  struct vec *released);

#endif
