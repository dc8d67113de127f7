/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares two looks at the same buffers. */
#ifndef SNAPSHOT_RECHECK_H
#define SNAPSHOT_RECHECK_H

#include "snapshot/snapshot.h"

/*
 * Drops the buffers that are not in @later, which was taken after the holders
 * of @snapshot were, and marks those whose references have not changed. Both
 * are sorted.
 */
void recheck_drop_gone(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_snapshot *later);

/*
 * Whether references to a buffer came or went while holders were looked for.
 * Where that ended when all were found, one that came may be of a way that was
 * not looked at.
 */
bool refs_changed(const struct dmabuf_snapshot *snapshot);

/*
 * Compares with a snapshot that was taken before: what is in doubt in both, in
 * the same way, is certain; other doubts are no longer a ledger. Both are
 * joined. Return: whether there were no others.
 */
bool recheck_confirm(struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_snapshot *before);

#endif
