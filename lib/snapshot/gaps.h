/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gaps: what could not be seen, and why. */
#ifndef SNAPSHOT_GAPS_H
#define SNAPSHOT_GAPS_H

#include "snapshot/snapshot.h"

/* Adds a gap. Return: 0 or -ENOMEM. */
int snapshot_add_gap(struct dmabuf_snapshot *snapshot, const char *what,
		     uint64_t count, const char *why);

/*
 * Adds a gap for each value that @gives promises and some buffers lack. Return:
 * 0 or -ENOMEM.
 */
int snapshot_find_gaps(struct dmabuf_snapshot *snapshot, uint32_t gives);

#endif
