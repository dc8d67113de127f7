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
 * Moves the released buffers to the others, each once. Call it before
 * references are joined. Return: 0 or -ENOMEM.
 */
int snapshot_join_released(struct dmabuf_snapshot *snapshot);

#endif
