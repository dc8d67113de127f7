// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/keepers.h"
#include "snapshot/ledger.h"
#include "snapshot/match.h"
#include "snapshot/processes.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* References whose buffers are found. */
struct joining {
	struct dmabuf_snapshot *snapshot;
	const struct key_map *index;
	struct vec places; /* of each joined reference: index of its buffer */
	struct vec twins; /* inode numbers of those that may be to another */
	bool grouped; /* places are in order */
	bool shared; /* some tables are shared, or were read twice */
};

/* The vecs have room. */
static void add_ref(struct joining *joining, const struct buffer *buffer,
		    struct ref ref)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	const struct buffer *first = snapshot->buffers.data;
	const uint32_t place = buffer - first;
	uint32_t *places = joining->places.data;
	struct ref *refs = snapshot->joined.data;
	struct ledger *ledgers = snapshot->ledgers.data;
	const size_t n = snapshot->joined.n++;

	if (n && places[n - 1] > place)
		joining->grouped = false;
	places[n] = place;
	refs[n] = ref;
	ledgers[place].refs++;
}

static int add_records(struct joining *joining)
{
	const struct buffer *buffer;
	struct dmabuf_rec_ref *rec = NULL;
	bool again;

	while ((rec = vec_next(&joining->snapshot->refs, rec))) {
		buffer = match_buffer(joining->index, rec, &again);
		if (!buffer)
			continue;
		if (again && vec_push(&joining->twins, &buffer->ino))
			return -ENOMEM;
		/* A driver's offsets may span all its buffers, as in DRM. */
		if (buffer->have & DMABUF_HAVE_SIZE &&
		    rec->type == DMABUF_REC_REF_MAP &&
		    rec->offset >= buffer->bytes)
			rec->offset = UINT64_MAX;
		add_ref(joining, buffer, (struct ref){ rec, 0, rec->refs });
	}
	return 0;
}

_Static_assert(sizeof(struct ref) == sizeof(struct descriptor),
	       "one becomes the other in its place");

/*
 * As add_ref() for each, in fewer steps: most references are such. They become
 * joined where they are, as joined has the memory of descriptors.
 */
static void add_descriptors(struct joining *joining, size_t all)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	const struct descriptor *descriptor = snapshot->joined.data;
	const struct descriptor *end = descriptor + all;
	const struct dmabuf_rec_ref *table = snapshot->tables.data;
	const struct buffer *first = snapshot->buffers.data;
	const struct buffer *buffer, *last = NULL;
	struct ref *ref = snapshot->joined.data;
	struct ledger *ledgers = snapshot->ledgers.data;
	uint32_t *places = joining->places.data;
	uint32_t place, before = 0;
	struct descriptor one;
	size_t n = 0;

	for (; descriptor < end; descriptor++) {
		one = *descriptor;
		buffer = match_address(joining->index, one.key, last);
		if (!buffer)
			continue;
		last = buffer;
		place = buffer - first;
		if (place < before)
			joining->grouped = false;
		before = places[n] = place;
		ledgers[place].refs++;
		ref[n++] = (struct ref){ &table[one.table], one.fd, 1 };
	}
	snapshot->joined.n = n;
}

/* Makes room for all references, and empty ledgers. */
static int make_room(struct joining *joining)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	const size_t n = snapshot->refs.n + snapshot->descriptors.n;
	struct vec *ledgers = &snapshot->ledgers;

	if (n > INT32_MAX || vec_reserve(&snapshot->descriptors, n + 1) ||
	    vec_reserve(&joining->places, n) ||
	    vec_reserve_used(ledgers, snapshot->buffers.n + 1))
		return -ENOMEM;
	ledgers->n = snapshot->buffers.n;
	memset(ledgers->data, 0, ledgers->n * ledgers->each);
	vec_swap(&snapshot->joined, &snapshot->descriptors);
	return 0;
}

/*
 * Finds the buffer of each reference. Drops references without a buffer. Counts
 * those of each buffer.
 */
static int find_buffers(struct joining *joining)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	const size_t descriptors = snapshot->descriptors.n;
	int r;

	joining->index = snapshot_index(snapshot);
	if (!joining->index || make_room(joining))
		return -ENOMEM;
	add_descriptors(joining, descriptors);
	r = add_records(joining);
	if (r)
		return r;
	if (joining->twins.n)
		return snapshot_add_gap(
			snapshot, "holders", joining->twins.n,
			"several buffers have the same inode number");
	return 0;
}

/* Finds out where the references of each buffer begin. */
static void find_firsts(struct joining *joining)
{
	const struct vec *ledgers = &joining->snapshot->ledgers;
	struct ledger *ledger = ledgers->data, *end = ledger + ledgers->n;
	uint32_t first = 0;

	for (; ledger < end; ledger++) {
		ledger->ref = first;
		first += ledger->refs;
	}
}

/*
 * Groups references by buffer, in the order of buffers. Those of one process
 * often are: descriptors have that order.
 */
static int group_refs(struct joining *joining)
{
	struct vec *joined = &joining->snapshot->joined;
	_cleanup_(vec_fini) struct vec grouped = VEC_OF(struct ref);
	const struct vec *ledgers = &joining->snapshot->ledgers;
	struct ledger *ledger = ledgers->data, *end = ledger + ledgers->n;
	const uint32_t *place = joining->places.data;
	const struct ref *ref = joined->data;
	struct ref *to;
	size_t i;

	if (joining->grouped)
		return 0;
	if (vec_reserve(&grouped, joined->n))
		return -ENOMEM;
	for (i = 0, to = grouped.data; i < joined->n; i++)
		to[ledger[place[i]].ref++] = ref[i];
	for (; ledger < end; ledger++)
		ledger->ref -= ledger->refs;
	grouped.n = joined->n;
	vec_swap(joined, &grouped);
	return 0;
}

/* Puts the same reference together, even if processes share it. */
static int compare_references(const void *left, const void *right)
{
	const struct ref *x = left, *y = right;
	const struct dmabuf_rec_ref *a = x->rec, *b = y->rec;

	return u64_compare(a->type, b->type) ?:
	       u64_compare(a->table, b->table) ?:
	       u64_compare(a->table ? 0 : a->pid, b->table ? 0 : b->pid) ?:
	       u64_compare(a->table ? 0 : a->tid, b->table ? 0 : b->tid) ?:
	       u64_compare(ref_place(x), ref_place(y)) ?:
	       u64_compare(a->pid, b->pid) ?: u64_compare(a->tid, b->tid);
}

/* The order that callers see. */
static int compare_refs(const void *left, const void *right)
{
	const struct ref *x = left, *y = right;
	const struct dmabuf_rec_ref *a = x->rec, *b = y->rec;

	return u64_compare(a->pid, b->pid) ?:
	       u64_compare(a->type, b->type) ?:
	       u64_compare(ref_place(x), ref_place(y)) ?:
	       u64_compare(a->tid, b->tid) ?:
	       u64_compare(a->table, b->table);
}

static bool is_same_reference(const struct ref *x, const struct ref *y)
{
	const struct dmabuf_rec_ref *a = x->rec, *b = y->rec;

	return a->type == b->type && a->table == b->table &&
	       ref_place(x) == ref_place(y) &&
	       (a->table || (a->pid == b->pid && a->tid == b->tid));
}

/* Whether all are descriptors, of tables that were each read once. */
static bool are_single(const struct joining *joining, const struct vec *refs)
{
	const struct vec *tables = &joining->snapshot->tables;
	const struct dmabuf_rec_ref *first = tables->data;
	const struct dmabuf_rec_ref *after = vec_end(tables);
	const struct ref *ref = refs->data, *end = ref + refs->n;

	if (joining->shared)
		return false;
	while (ref < end && first <= ref->rec && ref->rec < after)
		ref++;
	return ref == end;
}

/*
 * Counts each reference once. If processes share a table, the first process
 * gets the reference. All @refs are to one buffer.
 */
static void count_once(struct vec *refs)
{
	struct ref *ref = refs->data, *first = NULL;
	size_t i, kept = 0;

	vec_sort(refs, compare_references);
	for (i = 0; i < refs->n; i++) {
		if (first && is_same_reference(first, &ref[i])) {
			/*
			 * Threads share the table, or the task was read twice.
			 */
			if (first->rec->pid == ref[i].rec->pid)
				continue;
			ref[i].refs = 0;
		}
		ref[kept] = ref[i];
		first = &ref[kept++];
	}
	refs->n = kept;
}

static int compare_tables(const void *left, const void *right)
{
	const struct dmabuf_rec_ref *const *a = left, *const *b = right;

	return u64_compare((*a)->table, (*b)->table);
}

/* Finds out whether a table occurs twice. */
static int find_shared(struct joining *joining)
{
	_cleanup_(vec_fini) struct vec all = VEC_OF(void *);
	const struct dmabuf_rec_ref *table = NULL, **sorted;
	size_t i;

	while ((table = vec_next(&joining->snapshot->tables, table)))
		if (vec_push(&all, &table))
			return -ENOMEM;
	vec_sort(&all, compare_tables);
	for (i = 1, sorted = all.data; i < all.n; i++)
		if (sorted[i - 1]->table == sorted[i]->table)
			joining->shared = true;
	return 0;
}

/* Does this for all buffers. References are grouped by buffer. */
static void count_all_once(struct joining *joining)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	struct vec *refs = &snapshot->joined;
	struct ledger *ledger = snapshot->ledgers.data;
	const struct ledger *end = vec_end(&snapshot->ledgers);
	struct vec one = *refs;
	size_t kept = 0;

	for (; ledger < end; ledger++) {
		if (ledger->refs > 1) {
			one.data = vec_at(refs, ledger->ref);
			one.n = ledger->refs;
			if (!are_single(joining, &one))
				count_once(&one);
			vec_sort(&one, compare_refs);
			ledger->refs = one.n;
		}
		if (kept < ledger->ref)
			memmove(vec_at(refs, kept), vec_at(refs, ledger->ref),
				ledger->refs * refs->each);
		ledger->ref = kept;
		kept += ledger->refs;
	}
	refs->n = kept;
}

/* Marks the ledgers of all buffers whose inode number is in @twins. */
static void mark_ambiguous(struct dmabuf_snapshot *snapshot, struct vec *twins)
{
	const struct buffer *buffer = NULL;
	struct ledger *ledger;

	vec_sort(twins, u64_compare_at);
	while (twins->n && (buffer = vec_next(&snapshot->buffers, buffer))) {
		ledger = vec_at(&snapshot->ledgers,
				vec_index(&snapshot->buffers, buffer));
		ledger->ambiguous =
			vec_find(twins, &buffer->ino, u64_compare_at) != NULL;
	}
}

static int join(struct joining *joining)
{
	struct dmabuf_snapshot *snapshot = joining->snapshot;
	int r = snapshot_join_released(snapshot) ?: find_buffers(joining);

	snapshot_drop_index(snapshot);
	/* Processes are listed first, while references are grouped by task. */
	r = r ?: snapshot_list_processes(snapshot) ?: find_shared(joining);
	if (r)
		return r;
	find_firsts(joining);
	r = group_refs(joining);
	vec_fini(&joining->places);
	if (r)
		return r;
	snapshot_sort_keepers(snapshot);
	count_all_once(joining);
	r = snapshot_make_ledgers(snapshot);
	if (!r)
		mark_ambiguous(snapshot, &joining->twins);
	return r;
}

int snapshot_join_refs(struct dmabuf_snapshot *snapshot)
{
	struct joining joining = {
		.snapshot = snapshot,
		.places = VEC_OF(uint32_t),
		.twins = VEC_OF(uint64_t),
		.grouped = true,
	};
	int r = join(&joining);

	vec_fini(&joining.places);
	vec_fini(&joining.twins);
	return r;
}
