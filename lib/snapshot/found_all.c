// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "snapshot/buffers.h"
#include "snapshot/found_all.h"
#include "snapshot/match.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Consecutive references from the same table and task. */
struct run {
	uint64_t table;
	size_t order;
	bool counts;
};

static int compare_tables(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	return u64_compare(a->table, b->table)
		       ?: u64_compare(a->order, b->order);
}

static int compare_orders(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	return u64_compare(a->order, b->order);
}

static bool is_same_run(const struct dmabuf_rec_ref *a,
			const struct dmabuf_rec_ref *b)
{
	return a->table == b->table && a->pid == b->pid && a->tid == b->tid;
}

/*
 * Finds the runs of @refs. A table that occurs again is not counted again:
 * another process shares it, or the task was read twice.
 */
static int find_runs(const struct vec *refs, struct vec *runs)
{
	const struct dmabuf_rec_ref *ref = NULL, *last = NULL;
	struct run one, *run = NULL;
	uint64_t table = 0;

	while ((ref = vec_next(refs, ref))) {
		if (!last || !is_same_run(last, ref)) {
			one = (struct run){ ref->table, runs->n, false };
			if (vec_push(runs, &one))
				return -ENOMEM;
		}
		last = ref;
	}
	vec_sort(runs, compare_tables);
	while ((run = vec_next(runs, run))) {
		run->counts = run->table != table;
		table = run->table;
	}
	vec_sort(runs, compare_orders);
	return 0;
}

/* Subtracts the references found from @left, the number left per buffer. */
static int take_refs(const struct dmabuf_snapshot *snapshot,
		     const struct key_map *index, int64_t *left)
{
	const struct dmabuf_rec_buffer *first = snapshot->buffers.data, *buffer;
	const struct dmabuf_rec_ref *ref = NULL, *last = NULL;
	_cleanup_(vec_fini) struct vec runs = VEC_OF(struct run);
	const struct run *run = NULL;
	bool again;
	int r;

	r = find_runs(&snapshot->refs, &runs);
	while (!r && (ref = vec_next(&snapshot->refs, ref))) {
		if (!last || !is_same_run(last, ref))
			run = vec_next(&runs, run);
		last = ref;
		buffer = run->counts ? match_buffer(index, ref, &again) : NULL;
		if (buffer && !again)
			left[buffer - first] -= ref->refs;
	}
	return r;
}

/*
 * Counts the references to each buffer that are not found; less than 0 when
 * more were found than counted. @ret: an array. Ownership: the caller's.
 */
static int count_left(struct dmabuf_snapshot *snapshot, int64_t **ret)
{
	const struct key_map *index = snapshot_index(snapshot);
	const struct vec *buffers = &snapshot->buffers;
	const struct dmabuf_rec_buffer *buffer = buffers->data;
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	left = calloc(buffers->n + 1, sizeof(*left));
	if (!left || !index)
		return -ENOMEM;
	for (i = 0; i < buffers->n; i++)
		left[i] = buffer[i].refs;
	r = take_refs(snapshot, index, left);
	if (!r)
		*ret = take_ptr(left);
	return r;
}

static bool knows_refs(const struct dmabuf_rec_buffer *buffer)
{
	return buffer->have & DMABUF_HAVE_REFS;
}

int found_all_refs(struct dmabuf_snapshot *snapshot, bool *ret)
{
	const struct dmabuf_rec_buffer *buffer = NULL;
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
		if (!knows_refs(buffer)) {
			*ret = false;
			return 0;
		}
	r = count_left(snapshot, &left);
	if (r)
		return r;
	/* More found than counted: they changed, so nothing is certain. */
	for (i = 0; i < snapshot->buffers.n && !left[i]; i++)
		;
	*ret = i == snapshot->buffers.n;
	return 0;
}

int found_all_left(struct dmabuf_snapshot *snapshot, struct vec *ret)
{
	const struct dmabuf_rec_buffer *buffer = snapshot->buffers.data;
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	r = count_left(snapshot, &left);
	for (i = 0; !r && i < snapshot->buffers.n; i++)
		if (knows_refs(&buffer[i]) && left[i] > 0)
			r = vec_push(ret, &buffer[i]);
	return r;
}
