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
 * Takes the references of type DMABUF_REC_REF_PATH out of a snapshot, and adds
 * a gap that says how many buffers they keep, how large these are, and one of
 * the processes. Return: 0 or -ENOMEM.
 */
int snapshot_take_released(struct dmabuf_snapshot *snapshot);

#endif
