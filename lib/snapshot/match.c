// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/match.h"

#include <string.h>

#include "util/u64.h"

static int compare_ino(const void *left, const void *right)
{
	const struct buffer *a = left, *b = right;

	return u64_compare(a->ino, b->ino);
}

const struct buffer *match_ino(const struct vec *buffers, uint64_t ino,
			       bool *again)
{
	const struct buffer wanted = { .ino = ino };
	const struct buffer *buffer =
		vec_lower_bound(buffers, &wanted, compare_ino);

	if (!buffer || buffer->ino != ino)
		return NULL;
	*again = buffer + 1 != vec_end(buffers) && buffer[1].ino == ino;
	return buffer;
}

bool match_has_ino(const struct vec *buffers, uint64_t ino)
{
	bool again;

	return match_ino(buffers, ino, &again);
}

/* Whether nothing that is known of both tells them apart. */
static bool may_be_same(const struct buffer *a,
			const struct dmabuf_rec_buffer *b)
{
	const uint32_t both = a->have & b->have;

	return (!(both & DMABUF_HAVE_SIZE) || a->bytes == b->bytes) &&
	       (!(both & DMABUF_HAVE_EXPORTER) ||
		!strcmp(a->exporter, b->exporter)) &&
	       (!(both & DMABUF_HAVE_NAME) || !strcmp(a->name, b->name));
}

uint64_t match_key(const struct vec *buffers,
		   const struct dmabuf_rec_buffer *seen)
{
	const struct buffer *buffer, *found = NULL;
	bool again = false;

	buffer = match_ino(buffers, seen->ino, &again);
	if (!buffer || !again)
		return 0;
	for (; buffer && buffer->ino == seen->ino;
	     buffer = vec_next(buffers, buffer)) {
		if (!may_be_same(buffer, seen))
			continue;
		if (found)
			return 0;
		found = buffer;
	}
	return found ? found->key : 0;
}

const struct buffer *match_buffer(const struct key_map *index,
				  const struct dmabuf_rec_ref *ref, bool *again)
{
	const struct buffer *buffer;

	*again = false;
	buffer = key_map_find(index, ref->key);
	/* Keys of different collectors agree only if they are addresses. */
	if (!buffer || (ref->ino && buffer->ino != ref->ino))
		buffer = match_ino(index->buffers, ref->ino, again);
	/* Another buffer has this address or inode number now. */
	if (buffer && buffer->have & DMABUF_HAVE_ADDRESS && ref->key &&
	    buffer->key != ref->key)
		return NULL;
	return ref->type ? buffer : NULL;
}
