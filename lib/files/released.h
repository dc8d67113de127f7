/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers that have left the kernel's list, whose memory stays: a file opened
 * with O_PATH is no reference to a buffer's file, but has its directory entry.
 */
#ifndef FILES_RELEASED_H
#define FILES_RELEASED_H

#include "files/reach.h"
#include "snapshot/snapshot.h"

/* The members without which nothing can be found, ends with FIELDS. */
extern const enum kernel_field released_needs[];

/*
 * Finds the released buffers of the search's paths: they become references.
 * Other paths are dropped. @snapshot takes a released buffer for each
 * reference.
 */
void released_find(struct reach *reach, struct dmabuf_snapshot *snapshot);

#endif
