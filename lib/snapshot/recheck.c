// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "snapshot/ledger.h"
#include "snapshot/recheck.h"
#include "util/u64.h"

static int compare_glances(const void *left, const void *right)
{
	const struct glance *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: u64_compare(a->key, b->key);
}

/*
 * Compares the place of a buffer with that of another one. Keys of different
 * looks only agree if they are addresses.
 */
static int compare_places(uint64_t ino, uint64_t key,
			  const struct dmabuf_rec_buffer *buffer)
{
	return u64_compare(ino, buffer->ino)
		       ?: (buffer->have & DMABUF_HAVE_ADDRESS
				   ? u64_compare(key, buffer->key)
				   : 0);
}

/*
 * Finds a buffer among the @later ones. Both have the same order and are walked
 * in step: @at is where the search starts.
 */
static const struct glance *find_later(const struct vec *later,
				       const struct dmabuf_rec_buffer *buffer,
				       size_t *at)
{
	const struct glance *one = later->data;
	int order = -1;

	for (; *at < later->n; ++*at) {
		order = compare_places(one[*at].ino, one[*at].key, buffer);
		if (order >= 0)
			break;
	}
	return order ? NULL : &one[*at];
}

void recheck_drop_gone(struct dmabuf_snapshot *snapshot, struct vec *later)
{
	struct dmabuf_rec_buffer *buffer;
	const struct glance *found;
	size_t i, at = 0, kept = 0;

	vec_sort(later, compare_glances);
	for (i = 0; i < snapshot->buffers.n; i++) {
		buffer = vec_at(&snapshot->buffers, i);
		found = find_later(later, buffer, &at);
		if (!found)
			continue;
		if (!(buffer->have & DMABUF_HAVE_MOVED) &&
		    buffer->have & found->have & DMABUF_HAVE_REFS &&
		    buffer->refs == found->refs)
			buffer->have |= DMABUF_HAVE_LEDGER;
		buffer->have &= ~DMABUF_HAVE_MOVED;
		if (kept < i)
			memcpy(vec_at(&snapshot->buffers, kept), buffer,
			       sizeof(*buffer));
		kept++;
	}
	snapshot->buffers.n = kept;
}

bool refs_changed(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_buffer *buffer = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
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
	const struct dmabuf_rec_ref *x, *y;
	size_t i;

	for (i = 0; i < of_a->refs && of_a->refs == of_b->refs; i++) {
		x = vec_at(&a->refs, of_a->ref + i);
		y = vec_at(&b->refs, of_b->ref + i);
		if (x->pid != y->pid || x->tid != y->tid ||
		    x->type != y->type || x->place != y->place ||
		    x->refs != y->refs)
			return false;
	}
	return of_a->refs == of_b->refs;
}

/* As find_later(), in the buffers of another snapshot. */
static const struct dmabuf_rec_buffer *find_before(
	const struct vec *buffers, const struct dmabuf_rec_buffer *buffer,
	size_t *at)
{
	const struct dmabuf_rec_buffer *one = buffers->data;
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
	const struct dmabuf_rec_buffer *then;
	struct dmabuf_rec_buffer *buffer = NULL;
	bool all = true;
	size_t at = 0;

	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		if (!buffer_is_unexplained(snapshot, buffer))
			continue;
		then = find_before(&before->buffers, buffer, &at);
		if (then && then->have & DMABUF_HAVE_LEDGER &&
		    then->refs == buffer->refs &&
		    has_same_refs(snapshot, snapshot_ledger(snapshot, buffer),
				  before, snapshot_ledger(before, then)))
			continue;
		buffer->have &= ~DMABUF_HAVE_LEDGER;
		all = false;
	}
	return all;
}
