/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ledgers: for each buffer, its references, its holders and their shares, and
 * how many of the references that the kernel counts are explained.
 */
#ifndef SNAPSHOT_LEDGER_H
#define SNAPSHOT_LEDGER_H

#include "snapshot/snapshot.h"

/* Makes the ledger of each buffer. Return: 0 or -ENOMEM. */
int snapshot_make_ledgers(struct dmabuf_snapshot *snapshot);

/* Return: the ledger of a buffer, an empty one before there are any. */
const struct ledger *snapshot_ledger(const struct dmabuf_snapshot *snapshot,
				     const void *buffer);

bool buffer_is_unexplained(const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_rec_buffer *buffer);

/*
 * Whether a buffer has references that nothing seen accounts for. Tasks are
 * looked at one after the other, so one that got a reference when it had been
 * looked at, from one that had not, is seen by nobody.
 */
bool has_unexplained(const struct dmabuf_snapshot *snapshot);

#endif
