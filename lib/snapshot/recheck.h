/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares two looks at the same buffers. */
#ifndef SNAPSHOT_RECHECK_H
#define SNAPSHOT_RECHECK_H

#include "snapshot/snapshot.h"

/**
 * struct recheck - compares a snapshot with what a later look sees
 * @snapshot: the snapshot, whose buffers are joined and have an index
 * @at: where the next buffer is expected: looks most often have the same order
 * @step: from one buffer to the next, 1 or -1
 * @same: the look found that no buffer and no number of references changed: it
 *	need not note them
 */
struct recheck {
	struct dmabuf_snapshot *snapshot;
	size_t at;
	int step;
	bool same;
};

/* Begins a look after the holders of @snapshot. Return: 0 or -ENOMEM. */
int recheck_begin(struct recheck *recheck, struct dmabuf_snapshot *snapshot);

/*
 * Notes a buffer that the look sees: only its key, ino, refs and have are read.
 */
void recheck_see(struct recheck *recheck, const struct buffer *later);

/*
 * Drops the buffers that were not seen. Marks those whose number of references
 * did not change.
 */
void recheck_end(struct recheck *recheck);

/*
 * Whether the number of references to any buffer changed during the search for
 * holders. If the search ended early, a new reference may be of a kind that was
 * not searched.
 */
bool refs_changed(const struct dmabuf_snapshot *snapshot);

/*
 * Compares with a snapshot taken before. References that are unexplained in
 * both, with the same references found, are certain. Other buffers with
 * unexplained references lose their ledger. Both snapshots are joined.
 *
 * Return: whether no buffer lost its ledger.
 */
bool recheck_confirm(struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_snapshot *before);

#endif
