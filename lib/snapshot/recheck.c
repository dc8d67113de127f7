// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "snapshot/ledger.h"
#include "snapshot/recheck.h"

/*
 * Finds a buffer in another snapshot. Both have the same order and are walked
 * in step: @at is where the search in @others starts.
 */
static const struct dmabuf_rec_buffer *find_again(
	const struct vec *others, const struct dmabuf_rec_buffer *buffer,
	size_t *at)
{
	const struct dmabuf_rec_buffer *first = others->data, *other;
	const bool by_key = buffer->have & DMABUF_HAVE_ADDRESS;

	for (; *at < others->n; ++*at) {
		other = &first[*at];
		if (other->ino < buffer->ino ||
		    (by_key && other->ino == buffer->ino &&
		     other->key < buffer->key))
			continue;
		return other->ino == buffer->ino &&
				       (!by_key || other->key == buffer->key)
			       ? other
			       : NULL;
	}
	return NULL;
}

void recheck_drop_gone(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_snapshot *later)
{
	const struct dmabuf_rec_buffer *found;
	struct dmabuf_rec_buffer *buffer;
	size_t i, at = 0, kept = 0;

	for (i = 0; i < snapshot->buffers.n; i++) {
		buffer = vec_at(&snapshot->buffers, i);
		found = find_again(&later->buffers, buffer, &at);
		if (!found)
			continue;
		if (buffer->have & found->have & DMABUF_HAVE_REFS &&
		    buffer->refs == found->refs)
			buffer->have |= DMABUF_HAVE_LEDGER;
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
		then = find_again(&before->buffers, buffer, &at);
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
