/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The join of buffers with what holds them: per buffer the processes and the
 * ledger, per process the sums.
 */
#ifndef LIB_HOLDERS_H
#define LIB_HOLDERS_H

#include "snapshot.h"

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
	size_t hold, holds; /* first of its holds, how many */
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
 * Drops the buffers that are not in @later, which was taken after the holders
 * of @snapshot were, and marks those whose references have not changed.
 * Return: 0 or -ENOMEM.
 */
int holders_settle(struct dmabuf_snapshot *snapshot,
		   const struct dmabuf_snapshot *later);

#endif
