// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/keepers.h"
#include "snapshot/ledger.h"
#include "snapshot/match.h"
#include "snapshot/processes.h"
#include "snapshot/released.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Puts records of the same reference together, even if processes share it. */
static int compare_references(const void *left, const void *right)
{
	const struct dmabuf_rec_ref *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: u64_compare(a->key, b->key) ?:
	       u64_compare(a->type, b->type) ?:
	       u64_compare(a->table, b->table) ?:
	       u64_compare(a->table ? 0 : a->pid, b->table ? 0 : b->pid) ?:
	       u64_compare(a->table ? 0 : a->tid, b->table ? 0 : b->tid) ?:
	       u64_compare(a->place, b->place) ?:
	       u64_compare(a->pid, b->pid) ?: u64_compare(a->tid, b->tid);
}

/* The order that callers see. */
static int compare_refs(const void *left, const void *right)
{
	const struct dmabuf_rec_ref *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: u64_compare(a->key, b->key) ?:
	       u64_compare(a->pid, b->pid) ?:
	       u64_compare(a->type, b->type) ?:
	       u64_compare(a->place, b->place) ?:
	       u64_compare(a->tid, b->tid) ?:
	       u64_compare(a->table, b->table);
}

static bool is_same_reference(const struct dmabuf_rec_ref *a,
			      const struct dmabuf_rec_ref *b)
{
	return a->key == b->key && a->type == b->type && a->table == b->table &&
	       a->place == b->place &&
	       (a->table || (a->pid == b->pid && a->tid == b->tid));
}

/*
 * Sets the key and inode number of each reference to those of its buffer. Drops
 * references without a buffer. @places takes the index of each reference's
 * buffer, @twins the inode number of references that may be to another one.
 */
static int find_buffers(struct dmabuf_snapshot *snapshot, struct vec *places,
			struct vec *twins)
{
	const struct dmabuf_rec_buffer *buffer;
	struct dmabuf_rec_ref *ref;
	const struct key_map *index = snapshot_index(snapshot);
	uint32_t place;
	size_t i;
	bool again;
	int r;

	if (!index)
		return -ENOMEM;
	r = vec_reserve(places, snapshot->refs.n);
	for (i = 0; !r && i < snapshot->refs.n; i++) {
		ref = vec_at(&snapshot->refs, i);
		buffer = match_buffer(index, ref, &again);
		if (!buffer)
			continue;
		if (again && vec_push(twins, &buffer->ino))
			return -ENOMEM;
		/* A driver's offsets may span all its buffers, as in DRM. */
		if (buffer->have & DMABUF_HAVE_SIZE &&
		    ref->type == DMABUF_REC_REF_MAP &&
		    ref->offset >= buffer->bytes)
			ref->offset = UINT64_MAX;
		ref->key = buffer->key;
		ref->ino = buffer->ino;
		if (places->n < i)
			*(struct dmabuf_rec_ref *)vec_at(&snapshot->refs,
							 places->n) = *ref;
		place = vec_index(&snapshot->buffers, buffer);
		r = vec_push(places, &place);
	}
	if (r)
		return r;
	snapshot->refs.n = places->n;
	if (twins->n)
		return snapshot_add_gap(
			snapshot, "holders", twins->n,
			"several buffers have the same inode number");
	return 0;
}

/* Those of one process often are: descriptors have the order of buffers. */
static bool are_grouped(const struct vec *places)
{
	const uint32_t *place = places->data;
	size_t i;

	for (i = 1; i < places->n; i++)
		if (place[i - 1] > place[i])
			return false;
	return true;
}

/* Groups references by buffer, in the order of buffers. */
static int group_refs(struct dmabuf_snapshot *snapshot,
		      const struct vec *places)
{
	_cleanup_(vec_fini) struct vec grouped = VEC_OF(struct dmabuf_rec_ref);
	const uint32_t *place = places->data;
	_cleanup_free_ size_t *next = NULL;
	size_t i, first = 0, n;

	if (are_grouped(places))
		return 0;
	next = calloc(snapshot->buffers.n + 1, sizeof(*next));
	if (!next || vec_reserve(&grouped, places->n))
		return -ENOMEM;
	for (i = 0; i < places->n; i++)
		next[place[i]]++;
	for (i = 0; i < snapshot->buffers.n; i++) {
		n = next[i];
		next[i] = first;
		first += n;
	}
	for (i = 0; i < places->n; i++)
		*(struct dmabuf_rec_ref *)vec_at(&grouped, next[place[i]]++) =
			*(struct dmabuf_rec_ref *)vec_at(&snapshot->refs, i);
	grouped.n = places->n;
	vec_swap(&snapshot->refs, &grouped);
	return 0;
}

/*
 * Counts each reference once. If processes share a table, the first process
 * gets the reference. All @refs are to one buffer.
 */
static void count_once(struct vec *refs)
{
	struct dmabuf_rec_ref *ref, *first = NULL;
	size_t i, kept = 0;

	vec_sort(refs, compare_references);
	for (i = 0; i < refs->n; i++) {
		ref = vec_at(refs, i);
		if (first && is_same_reference(first, ref)) {
			/*
			 * Threads share the table, or the task was read twice.
			 */
			if (first->pid == ref->pid)
				continue;
			ref->refs = 0;
		}
		if (kept < i)
			memcpy(vec_at(refs, kept), ref, sizeof(*ref));
		first = vec_at(refs, kept++);
	}
	refs->n = kept;
	vec_sort(refs, compare_refs);
}

/* Does this for all buffers. References are grouped by buffer. */
static void count_all_once(struct vec *refs)
{
	const struct dmabuf_rec_ref *ref = refs->data;
	struct vec one = *refs;
	size_t i, end, kept = 0;

	for (i = 0; i < refs->n; i = end) {
		for (end = i + 1; end < refs->n && ref[end].key == ref[i].key &&
				  ref[end].ino == ref[i].ino;
		     end++)
			;
		one.data = vec_at(refs, i);
		one.n = end - i;
		count_once(&one);
		if (kept < i)
			memmove(vec_at(refs, kept), one.data,
				one.n * refs->each);
		kept += one.n;
	}
	refs->n = kept;
}

/* Lists processes and groups references by buffer. */
static int sort_refs(struct dmabuf_snapshot *snapshot, struct vec *twins)
{
	_cleanup_(vec_fini) struct vec places = VEC_OF(uint32_t);

	/* Processes are listed first, while references are grouped by task. */
	return find_buffers(snapshot, &places, twins)
		       ?: snapshot_list_processes(snapshot)
		       ?: group_refs(snapshot, &places);
}

static int compare_numbers(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return u64_compare(*a, *b);
}

/* Marks the ledgers of all buffers whose inode number is in @twins. */
static void mark_ambiguous(struct dmabuf_snapshot *snapshot, struct vec *twins)
{
	const struct dmabuf_rec_buffer *buffer = NULL;
	struct ledger *ledger;

	vec_sort(twins, compare_numbers);
	while (twins->n && (buffer = vec_next(&snapshot->buffers, buffer))) {
		ledger = vec_at(&snapshot->ledgers,
				vec_index(&snapshot->buffers, buffer));
		ledger->ambiguous =
			bsearch(&buffer->ino, twins->data, twins->n,
				twins->each, compare_numbers) != NULL;
	}
}

int snapshot_join_refs(struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec twins = VEC_OF(uint64_t);
	int r = snapshot_join_released(snapshot) ?: sort_refs(snapshot, &twins);

	snapshot_drop_index(snapshot);
	if (r)
		return r;
	snapshot_sort_keepers(snapshot);
	count_all_once(&snapshot->refs);
	r = snapshot_make_ledgers(snapshot);
	if (!r)
		mark_ambiguous(snapshot, &twins);
	return r;
}
