/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks from which buffers were made. */
#ifndef SNAPSHOT_FRAMES_H
#define SNAPSHOT_FRAMES_H

#include "snapshot/snapshot.h"

/* Sorts frames by stack, the innermost first. */
void snapshot_sort_frames(struct dmabuf_snapshot *snapshot);

/* Return: the first frame of a stack, whose others are behind it, or NULL. */
struct dmabuf_rec_frame *snapshot_first_frame(
	const struct dmabuf_snapshot *snapshot, uint32_t stack);

#endif
