/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares two looks at the same buffers. */
#ifndef SNAPSHOT_RECHECK_H
#define SNAPSHOT_RECHECK_H

#include "snapshot/snapshot.h"

/* What a second look needs of a buffer: see struct dmabuf_rec_buffer. */
struct glance {
	uint64_t key, ino, refs;
	uint32_t have;
};

/* Adds a buffer to @seen, which has room for it. */
static inline void glance_add(struct vec *seen,
			      const struct dmabuf_rec_buffer *buffer)
{
	struct glance *one = vec_at(seen, seen->n++);

	*one = (struct glance){ buffer->key, buffer->ino, buffer->refs,
				buffer->have };
}

/*
 * Drops buffers that are not in @later, a vec of struct glance that was taken
 * after the holders of @snapshot. Marks the buffers whose number of references
 * did not change. The snapshot is sorted, and @later becomes so.
 */
void recheck_drop_gone(struct dmabuf_snapshot *snapshot, struct vec *later);

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
