/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ledgers: the references and holders of each buffer, each holder's share, and
 * the number of references that are explained.
 */
#ifndef SNAPSHOT_LEDGER_H
#define SNAPSHOT_LEDGER_H

#include "snapshot/snapshot.h"

/* Completes the ledgers, which have their references. Return: 0 or -ENOMEM. */
int snapshot_make_ledgers(struct dmabuf_snapshot *snapshot);

/*
 * Return: the ledger of a buffer; an empty one before ledgers are made. Inline,
 * because it is called several times for each buffer.
 */
static inline const struct ledger *snapshot_ledger(
	const struct dmabuf_snapshot *snapshot, const void *buffer)
{
	static const struct ledger none;
	const struct buffer *first = snapshot->buffers.data;
	const struct ledger *ledgers = snapshot->ledgers.data;
	const size_t i = (const struct buffer *)buffer - first;

	return i < snapshot->ledgers.n ? &ledgers[i] : &none;
}

/*
 * Whether all processes were searched for everything by which a process can
 * hold a buffer: descriptors, mappings, GEM handles and framebuffers.
 */
static inline bool searched_all_processes(
	const struct dmabuf_snapshot *snapshot)
{
	const uint32_t holding = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
				 DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) |
				 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
				 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER);

	return (snapshot->source.covers & holding) == holding;
}

static inline bool is_explained(const struct buffer *buffer,
				const struct ledger *ledger)
{
	return buffer->have & DMABUF_HAVE_REFS &&
	       buffer->have & DMABUF_HAVE_LEDGER &&
	       ledger->explained == buffer->refs;
}

/*
 * Whether all holders of a buffer were found: all processes were searched for
 * what can hold it, or all of its references were found, at the time of their
 * count. A released buffer has no references: another process may keep it as
 * well. Inline, as snapshot_ledger().
 */
static inline bool knows_all_holders(const struct dmabuf_snapshot *snapshot,
				     const struct buffer *buffer,
				     const struct ledger *ledger)
{
	if (is_released(buffer))
		return snapshot->source.covers &
		       DMABUF_REC_COVERS(DMABUF_REC_REF_PATH);
	return searched_all_processes(snapshot) || is_explained(buffer, ledger);
}

/*
 * Whether it is known how many references of a buffer nothing explains. More
 * names than references: it changed, whatever the counts say.
 */
static inline bool knows_unexplained(const struct dmabuf_snapshot *snapshot,
				     const struct buffer *buffer,
				     const struct ledger *ledger)
{
	return snapshot->source.head.kind &&
	       buffer->have & DMABUF_HAVE_LEDGER && !ledger->ambiguous &&
	       (ledger->explained == buffer->refs ||
		(ledger->explained < buffer->refs &&
		 searched_all_processes(snapshot)));
}

static inline bool is_unexplained(const struct buffer *buffer,
				  const struct ledger *ledger)
{
	return buffer->have & DMABUF_HAVE_LEDGER &&
	       ledger->explained < buffer->refs;
}

/*
 * Whether any buffer has references that nothing explains. Tasks are searched
 * one after the other: a reference that moves from a task not searched yet to
 * one already searched is missed.
 */
bool has_unexplained(const struct dmabuf_snapshot *snapshot);

#endif
