/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the buffer of a reference. */
#ifndef SNAPSHOT_MATCH_H
#define SNAPSHOT_MATCH_H

#include "snapshot/key_map.h"

/*
 * Return: the buffer of a reference, or NULL. @again: other buffers have the
 * same inode number, and the reference may be to one of them.
 */
const struct buffer *match_buffer(const struct key_map *index,
				  const struct dmabuf_rec_ref *ref,
				  bool *again);

/*
 * Finds the first buffer with an inode number; @buffers are sorted by it.
 * @again: another buffer has the same number, as can happen on v5.10. Return:
 * it, or NULL.
 */
const struct buffer *match_ino(const struct vec *buffers, uint64_t ino,
			       bool *again);

/*
 * Finds a buffer by address. Most often it is the one after @last, the one that
 * was found before, or NULL: descriptors are made in the order of buffers.
 */
static inline const struct buffer *match_address(const struct key_map *index,
						 uint64_t address,
						 const struct buffer *last)
{
	const struct buffer *first = index->buffers->data;
	const struct buffer *next = last ? last + 1 : first;

	if (next != vec_end(index->buffers) && next->key == address)
		return next;
	return key_map_find(index, address);
}

/* Whether one of the @buffers, which are sorted, has an inode number. */
bool match_has_ino(const struct vec *buffers, uint64_t ino);

/*
 * For a reference by inode number, on kernels where several buffers may have
 * the same one: finds the only one that can be @seen, by size, exporter and
 * name. @buffers are sorted. Return: its key, or 0 when the number alone finds
 * it, or when several buffers can be @seen.
 */
uint64_t match_key(const struct vec *buffers,
		   const struct dmabuf_rec_buffer *seen);

#endif
