/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares two looks at the same buffers. */
#ifndef SNAPSHOT_RECHECK_H
#define SNAPSHOT_RECHECK_H

#include "snapshot/snapshot.h"

/*
 * Drops buffers that are not in @later, which was taken after the holders of
 * @snapshot. Marks the buffers whose number of references did not change. Both
 * snapshots are sorted.
 */
void recheck_drop_gone(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_snapshot *later);

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
