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
 * Decides which runs count. A table that occurs again is not counted again:
 * another process shares it, or the task was read twice.
 */
static void choose_runs(struct vec *runs)
{
	struct run *run = NULL;
	uint64_t table = 0;

	vec_sort(runs, compare_tables);
	while ((run = vec_next(runs, run))) {
		run->counts = run->table != table;
		table = run->table;
	}
	vec_sort(runs, compare_orders);
}

static int add_run(struct vec *runs, const struct dmabuf_rec_ref *ref)
{
	const struct run run = { ref->table, runs->n, false };

	return vec_push(runs, &run);
}

/* Subtracts the references found from @left, the number left per buffer. */
static int take_refs(const struct dmabuf_snapshot *snapshot,
		     const struct key_map *index, int64_t *left)
{
	const struct buffer *first = snapshot->buffers.data, *buffer;
	const struct dmabuf_rec_ref *ref = NULL, *last = NULL;
	_cleanup_(vec_fini) struct vec runs = VEC_OF(struct run);
	const struct run *run = NULL;
	bool again;

	while ((ref = vec_next(&snapshot->refs, ref))) {
		if ((!last || !is_same_run(last, ref)) && add_run(&runs, ref))
			return -ENOMEM;
		last = ref;
	}
	choose_runs(&runs);
	for (last = NULL; (ref = vec_next(&snapshot->refs, ref)); last = ref) {
		if (!last || !is_same_run(last, ref))
			run = vec_next(&runs, run);
		buffer = run->counts ? match_buffer(index, ref, &again) : NULL;
		if (buffer && !again)
			left[buffer - first] -= ref->refs;
	}
	return 0;
}

/* The same for descriptors: those of a table are a run. */
static int take_descriptors(const struct dmabuf_snapshot *snapshot,
			    const struct key_map *index, int64_t *left)
{
	const struct buffer *first = snapshot->buffers.data, *buffer;
	const struct buffer *found = NULL;
	const struct descriptor *descriptor = snapshot->descriptors.data;
	const struct descriptor *end = vec_end(&snapshot->descriptors);
	_cleanup_(vec_fini) struct vec runs = VEC_OF(struct run);
	const struct dmabuf_rec_ref *table = NULL;
	const struct run *run;

	while ((table = vec_next(&snapshot->tables, table)))
		if (add_run(&runs, table))
			return -ENOMEM;
	choose_runs(&runs);
	for (run = runs.data; descriptor < end; descriptor++) {
		if (!run[descriptor->table].counts)
			continue;
		buffer = match_address(index, descriptor->key, found);
		if (!buffer)
			continue;
		left[buffer - first]--;
		found = buffer;
	}
	return 0;
}

/*
 * Counts the references to each buffer that are not found; less than 0 when
 * more were found than counted. @ret: an array. Ownership: the caller's.
 */
static int count_left(struct dmabuf_snapshot *snapshot, int64_t **ret)
{
	const struct key_map *index = snapshot_index(snapshot);
	const struct vec *buffers = &snapshot->buffers;
	const struct buffer *buffer = buffers->data;
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	left = calloc(buffers->n + 1, sizeof(*left));
	if (!left || !index)
		return -ENOMEM;
	for (i = 0; i < buffers->n; i++)
		left[i] = buffer[i].refs;
	r = take_refs(snapshot, index, left)
		    ?: take_descriptors(snapshot, index, left);
	if (!r)
		*ret = take_ptr(left);
	return r;
}

int found_all_refs(struct dmabuf_snapshot *snapshot, bool *ret)
{
	const struct key_map *index = snapshot_index(snapshot);
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	if (!index)
		return -ENOMEM;
	if (!(index->have & DMABUF_HAVE_REFS)) {
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
	const struct buffer *buffer = snapshot->buffers.data;
	_cleanup_free_ int64_t *left = NULL;
	size_t i;
	int r;

	r = count_left(snapshot, &left);
	for (i = 0; !r && i < snapshot->buffers.n; i++)
		if (buffer[i].have & DMABUF_HAVE_REFS && left[i] > 0)
			r = vec_push(ret, &buffer[i]);
	return r;
}
