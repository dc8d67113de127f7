/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The join of buffers with what holds them: per buffer the processes and the
 * ledger, per process the sums.
 */
#ifndef SNAPSHOT_HOLDERS_H
#define SNAPSHOT_HOLDERS_H

#include "snapshot/snapshot.h"

/* What one process holds of one buffer. */
struct holder {
	uint32_t process; /* index into the snapshot's processes */
	uint32_t fds, maps, handles;
	uint64_t pss;
};

/* A process, as its record and with the sums over what it holds. */
struct process {
	struct dmabuf_rec_process rec;
	struct dmabuf_usage usage;
};

/* What is known of one buffer; has the buffer's index. */
struct ledger {
	size_t ref, refs; /* first of its references, how many */
	size_t holder, holders;
	uint64_t explained;
};

/*
 * Makes holders, processes and ledgers of the holds. Call it after
 * snapshot_join(); holds of buffers that the snapshot has not are dropped.
 * Return: 0 or -ENOMEM.
 */
int holders_join(struct dmabuf_snapshot *snapshot);

/*
 * Whether the holds that are there stand for all references to all buffers,
 * each reference counted once. Call it after snapshot_join() and before
 * holders_join(). Where the count of references is not known, they do not. @ret
 * takes the answer. Return: 0 or -ENOMEM.
 */
int holders_stand_for_all(const struct dmabuf_snapshot *snapshot, bool *ret);

/*
 * Drops the buffers that are not in @later, which was taken after the holders
 * of @snapshot were, and marks those whose references have not changed. Both
 * are sorted.
 */
void holders_settle(struct dmabuf_snapshot *snapshot,
		    const struct dmabuf_snapshot *later);

/*
 * Whether a buffer has references that nothing seen accounts for. Tasks are
 * looked at one after the other, so one that got a reference when it had been
 * looked at, from one that had not, is seen by nobody.
 */
bool holders_doubt(const struct dmabuf_snapshot *snapshot);

/*
 * Whether references to a buffer came or went while holders were looked for.
 * Where that ended when all were found, one that came may be of a way that was
 * not looked at.
 */
bool holders_moved(const struct dmabuf_snapshot *snapshot);

/*
 * Compares with a snapshot that was taken before: what is in doubt in both, in
 * the same way, is certain; other doubts are no longer a ledger. Both are
 * joined. Return: whether there were no others.
 */
bool holders_confirm(struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_snapshot *before);

#endif
