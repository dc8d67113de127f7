// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/ledger.h"
#include "snapshot/match.h"
#include "snapshot/recheck.h"
#include "util/u64.h"

/* In the have mask of a buffer that the later look has seen. */
#define SEEN (1U << 30)

/*
 * Compares the place of a buffer with that of another one. Keys of different
 * looks only agree if they are addresses.
 */
static int compare_places(uint64_t ino, uint64_t key,
			  const struct buffer *buffer)
{
	return u64_compare(ino, buffer->ino)
		       ?: (buffer->have & DMABUF_HAVE_ADDRESS
				   ? u64_compare(key, buffer->key)
				   : 0);
}

int recheck_begin(struct recheck *recheck, struct dmabuf_snapshot *snapshot)
{
	*recheck = (struct recheck){ .snapshot = snapshot, .step = 1 };
	return snapshot_index(snapshot) ? 0 : -ENOMEM;
}

/* A buffer has, or has not, the number of references that it had. */
static void compare_refs(struct buffer *buffer, bool same)
{
	if (same && (buffer->have & (DMABUF_HAVE_MOVED | DMABUF_HAVE_REFS)) ==
			    DMABUF_HAVE_REFS)
		buffer->have |= DMABUF_HAVE_LEDGER;
	buffer->have &= ~DMABUF_HAVE_MOVED;
}

static void see(struct buffer *buffer, const struct buffer *later)
{
	if (buffer->have & SEEN)
		return;
	buffer->have |= SEEN;
	compare_refs(buffer, later->have & DMABUF_HAVE_REFS &&
				     buffer->refs == later->refs);
}

/* Without addresses, all buffers with an inode number may be the one. */
static void see_by_ino(const struct vec *buffers, const struct buffer *later)
{
	const struct buffer *buffer;
	bool again;

	buffer = match_ino(buffers, later->ino, &again);
	for (; buffer && buffer->ino == later->ino;
	     buffer = vec_next(buffers, buffer))
		if (!(buffer->have & DMABUF_HAVE_ADDRESS))
			see((struct buffer *)buffer, later);
}

static bool is_at(const struct vec *buffers, size_t i,
		  const struct buffer *later)
{
	const struct buffer *buffer = buffers->data;

	return i < buffers->n && buffer[i].key == later->key &&
	       buffer[i].ino == later->ino;
}

/* Finds where a buffer is that is not where it is expected. */
static size_t find(struct recheck *recheck, const struct buffer *later)
{
	const struct vec *buffers = &recheck->snapshot->buffers;
	const struct buffer *buffer;
	size_t i;

	buffer = key_map_find(recheck->snapshot->index, later->key);
	if (!buffer)
		return buffers->n;
	i = vec_index(buffers, buffer);
	recheck->step = i < recheck->at ? -1 : 1;
	return i;
}

void recheck_see(struct recheck *recheck, const struct buffer *later)
{
	const struct vec *buffers = &recheck->snapshot->buffers;
	size_t i = recheck->at;

	if (!(later->have & DMABUF_HAVE_ADDRESS)) {
		see_by_ino(buffers, later);
		return;
	}
	if (!is_at(buffers, i, later)) {
		i = find(recheck, later);
		if (!is_at(buffers, i, later))
			return;
	}
	see(vec_at(buffers, i), later);
	recheck->at = i + recheck->step;
}

/* Drops the buffers that were not seen. */
static void drop_gone(struct vec *buffers)
{
	struct buffer *buffer = buffers->data;
	size_t i, kept = 0;

	for (i = 0; i < buffers->n; i++, buffer++) {
		if (!(buffer->have & SEEN))
			continue;
		buffer->have &= ~SEEN;
		if (kept < i)
			memcpy(vec_at(buffers, kept), buffer, sizeof(*buffer));
		kept++;
	}
	buffers->n = kept;
}

void recheck_end(struct recheck *recheck)
{
	struct vec *buffers = &recheck->snapshot->buffers;
	struct buffer *buffer = buffers->data;
	const struct buffer *end = vec_end(buffers);

	if (!recheck->same)
		drop_gone(buffers);
	else
		for (; buffer < end; buffer++)
			compare_refs(buffer, true);
}

bool refs_changed(const struct dmabuf_snapshot *snapshot)
{
	const struct buffer *buffer = snapshot->buffers.data;
	const struct buffer *end = vec_end(&snapshot->buffers);

	for (; buffer < end; buffer++)
		if (buffer->have & DMABUF_HAVE_REFS &&
		    !(buffer->have & DMABUF_HAVE_LEDGER))
			return true;
	return false;
}

static bool has_same_refs(const struct dmabuf_snapshot *a,
			  const struct ledger *of_a,
			  const struct dmabuf_snapshot *b,
			  const struct ledger *of_b)
{
	const struct ref *x, *y;
	size_t i;

	for (i = 0; i < of_a->refs && of_a->refs == of_b->refs; i++) {
		x = vec_at(&a->joined, of_a->ref + i);
		y = vec_at(&b->joined, of_b->ref + i);
		if (x->rec->pid != y->rec->pid || x->rec->tid != y->rec->tid ||
		    x->rec->type != y->rec->type ||
		    ref_place(x) != ref_place(y) || x->refs != y->refs)
			return false;
	}
	return of_a->refs == of_b->refs;
}

/*
 * Finds a buffer among those of another snapshot. Both have the same order and
 * are walked in step: @at is where the search starts.
 */
static const struct buffer *find_before(const struct vec *buffers,
					const struct buffer *buffer, size_t *at)
{
	const struct buffer *one = buffers->data;
	int order = -1;

	for (; *at < buffers->n; ++*at) {
		order = compare_places(one[*at].ino, one[*at].key, buffer);
		if (order >= 0)
			break;
	}
	return order ? NULL : &one[*at];
}

bool recheck_confirm(struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_snapshot *before)
{
	const struct buffer *then;
	struct buffer *buffer = NULL;
	const struct ledger *ledger;
	bool all = true;
	size_t at = 0;

	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		ledger = snapshot_ledger(snapshot, buffer);
		if (!is_unexplained(buffer, ledger))
			continue;
		then = find_before(&before->buffers, buffer, &at);
		if (then && then->have & DMABUF_HAVE_LEDGER &&
		    then->refs == buffer->refs &&
		    has_same_refs(snapshot, ledger, before,
				  snapshot_ledger(before, then)))
			continue;
		buffer->have &= ~DMABUF_HAVE_LEDGER;
		all = false;
	}
	return all;
}
