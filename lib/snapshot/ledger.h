/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ledgers: the references and holders of each buffer, each holder's share, and
 * the number of references that are explained.
 */
#ifndef SNAPSHOT_LEDGER_H
#define SNAPSHOT_LEDGER_H

#include "snapshot/snapshot.h"

/* Makes a ledger for each buffer. Return: 0 or -ENOMEM. */
int snapshot_make_ledgers(struct dmabuf_snapshot *snapshot);

/*
 * Return: the ledger of a buffer; an empty one before ledgers are made. Inline,
 * because it is called several times for each buffer.
 */
static inline const struct ledger *snapshot_ledger(
	const struct dmabuf_snapshot *snapshot, const void *buffer)
{
	static const struct ledger none;
	size_t i = vec_index(&snapshot->buffers, buffer);

	return i < snapshot->ledgers.n ? vec_at(&snapshot->ledgers, i) : &none;
}

/*
 * Whether all processes were searched for everything by which a process can
 * hold a buffer: descriptors, mappings, GEM handles and framebuffers.
 */
bool searched_all_processes(const struct dmabuf_snapshot *snapshot);

/*
 * Whether all holders of a buffer were found: all processes were searched for
 * what can hold it, or all of its references were found, at the time of their
 * count.
 */
bool knows_all_holders(const struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_rec_buffer *buffer,
		       const struct ledger *ledger);

bool buffer_is_unexplained(const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_rec_buffer *buffer);

/*
 * Whether any buffer has references that nothing explains. Tasks are searched
 * one after the other: a reference that moves from a task not searched yet to
 * one already searched is missed.
 */
bool has_unexplained(const struct dmabuf_snapshot *snapshot);

#endif
