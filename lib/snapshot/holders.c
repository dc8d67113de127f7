// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "snapshot/holders.h"
#include "snapshot/key_map.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* One reference, however many processes share it, stands together. */
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

/* As callers see them. */
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

static int compare_pids(const void *left, const void *right)
{
	const struct process *a = left, *b = right;

	return u64_compare(a->rec.pid, b->rec.pid);
}

static bool is_same_reference(const struct dmabuf_rec_ref *a,
			      const struct dmabuf_rec_ref *b)
{
	return a->key == b->key && a->type == b->type && a->table == b->table &&
	       a->place == b->place &&
	       (a->table || (a->pid == b->pid && a->tid == b->tid));
}

/*
 * The first buffer with an inode number; they are sorted by it. @again tells
 * whether there is another one, which v5.10 can bring about.
 */
static const struct dmabuf_rec_buffer *find_by_ino(const struct vec *buffers,
						   uint64_t ino, bool *again)
{
	const struct dmabuf_rec_buffer *buffer;
	size_t low = 0, high = buffers->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		buffer = vec_at(buffers, middle);
		if (buffer->ino < ino)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == buffers->n)
		return NULL;
	buffer = vec_at(buffers, low);
	*again = low + 1 < buffers->n && buffer[1].ino == ino;
	return buffer->ino == ino ? buffer : NULL;
}

/*
 * The buffer of a hold, or NULL. @again: other ones have their inode number,
 * and it may be of these.
 */
static const struct dmabuf_rec_buffer *find_buffer(
	const struct key_map *index, const struct dmabuf_rec_ref *ref,
	bool *again)
{
	const struct dmabuf_rec_buffer *buffer;

	*again = false;
	buffer = key_map_find(index, ref->key);
	/* Keys of two collectors that know no addresses mean nothing. */
	if (!buffer || buffer->ino != ref->ino)
		buffer = find_by_ino(index->buffers, ref->ino, again);
	/* At its address, or by its number, is another one now. */
	if (buffer && buffer->have & DMABUF_HAVE_ADDRESS && ref->key &&
	    buffer->key != ref->key)
		return NULL;
	return ref->type ? buffer : NULL;
}

/*
 * Gives each hold the key and the inode number of its buffer, or drops it.
 * @places takes which buffer each is of.
 */
static int find_buffers(struct dmabuf_snapshot *snapshot, struct vec *places)
{
	const struct dmabuf_rec_buffer *buffer;
	struct dmabuf_rec_ref *ref;
	struct key_map index;
	size_t i, ambiguous = 0;
	uint32_t place;
	bool again;
	int r;

	r = key_map_init(&index, &snapshot->buffers)
		    ?: vec_reserve(places, snapshot->refs.n);
	for (i = 0; !r && i < snapshot->refs.n; i++) {
		ref = vec_at(&snapshot->refs, i);
		buffer = find_buffer(&index, ref, &again);
		if (!buffer)
			continue;
		ambiguous += again;
		/* Drivers may number the pages of all they map, as DRM does. */
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
	key_map_fini(&index);
	if (r)
		return r;
	snapshot->refs.n = places->n;
	if (ambiguous)
		return snapshot_add_gap(snapshot, "holders", ambiguous,
					"several buffers have their inode "
					"number");
	return 0;
}

/* Puts the references to a buffer together, in the order of buffers. */
static int group_refs(struct dmabuf_snapshot *snapshot,
		      const struct vec *places)
{
	struct vec grouped = VEC_OF(struct dmabuf_rec_ref);
	const uint32_t *place = places->data;
	_cleanup_free_ size_t *next = NULL;
	size_t i, first = 0, n;

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
	vec_fini(&snapshot->refs);
	snapshot->refs = grouped;
	return 0;
}

/*
 * What is in a table that several processes have counts for the first one.
 * @refs are of one buffer.
 */
static void count_once(struct vec *refs)
{
	struct dmabuf_rec_ref *ref, *first = NULL;
	size_t i, kept = 0;

	vec_sort(refs, compare_references);
	for (i = 0; i < refs->n; i++) {
		ref = vec_at(refs, i);
		if (first && is_same_reference(first, ref)) {
			/* Threads share it, or the task was seen twice. */
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

/* The same of all buffers: the references to each stand together. */
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

static struct process *find_process(const struct vec *processes, uint32_t pid)
{
	struct process wanted = { .rec.pid = pid };

	return processes->n ? bsearch(&wanted, processes->data, processes->n,
				      processes->each, compare_pids)
			    : NULL;
}

static int compare_numbers(const void *left, const void *right)
{
	return u64_compare(*(const uint32_t *)left, *(const uint32_t *)right);
}

/* Adds a process without a name for each of @pids that is not there yet. */
static int add_processes(struct vec *processes, struct vec *pids)
{
	struct process one = {};
	const size_t known = processes->n;
	size_t i;
	uint32_t last = 0;

	one.rec.head =
		(struct dmabuf_rec){ DMABUF_REC_PROCESS, sizeof(one.rec) };
	vec_sort(pids, compare_numbers);
	for (i = 0; i < pids->n; i++) {
		struct vec before = *processes;

		one.rec.pid = *(uint32_t *)vec_at(pids, i);
		before.n = known;
		if (one.rec.pid == last || find_process(&before, one.rec.pid))
			continue;
		last = one.rec.pid;
		if (vec_push(processes, &one))
			return -ENOMEM;
	}
	vec_sort(processes, compare_pids);
	return 0;
}

/* Of processes that were read from a file, each once. */
static void drop_doubles(struct vec *processes)
{
	size_t i, kept = 0;

	vec_sort(processes, compare_pids);
	for (i = 0; i < processes->n; i++)
		if (!kept || compare_pids(vec_at(processes, i),
					  vec_at(processes, kept - 1)))
			memmove(vec_at(processes, kept++), vec_at(processes, i),
				processes->each);
	processes->n = kept;
}

/* A process for each that has a hold. */
static int list_processes(struct dmabuf_snapshot *snapshot)
{
	struct vec pids = VEC_OF(uint32_t);
	const struct dmabuf_rec_ref *ref;
	struct process *process;
	uint32_t last = 0;
	size_t i;
	int r = 0;

	drop_doubles(&snapshot->processes);
	for (i = 0; !r && i < snapshot->refs.n; i++) {
		ref = vec_at(&snapshot->refs, i);
		if (ref->pid && ref->pid != last)
			r = vec_push(&pids, &ref->pid);
		last = ref->pid;
	}
	r = r ?: add_processes(&snapshot->processes, &pids);
	vec_fini(&pids);
	if (r)
		return r;

	for (i = 0, process = NULL; i < snapshot->refs.n; i++) {
		ref = vec_at(&snapshot->refs, i);
		if (!process || process->rec.pid != ref->pid)
			process = find_process(&snapshot->processes, ref->pid);
		if (process && !process->rec.comm[0])
			memcpy(process->rec.comm, ref->comm,
			       sizeof(process->rec.comm));
	}
	return 0;
}

static void count_ref(struct holder *holder, const struct dmabuf_rec_ref *ref)
{
	holder->fds += ref->type == DMABUF_REC_REF_FD;
	holder->maps += ref->type == DMABUF_REC_REF_MAP;
	holder->handles += ref->type == DMABUF_REC_REF_GEM_HANDLE;
}

static bool is_process_ref(const struct dmabuf_rec_ref *ref)
{
	return ref->pid && (ref->type == DMABUF_REC_REF_FD ||
			    ref->type == DMABUF_REC_REF_MAP ||
			    ref->type == DMABUF_REC_REF_GEM_HANDLE);
}

/* Whole bytes to each; what is left over, one each to the first of them. */
static void share(struct dmabuf_snapshot *snapshot,
		  const struct dmabuf_rec_buffer *buffer,
		  const struct ledger *ledger)
{
	uint64_t bytes = buffer->have & DMABUF_HAVE_SIZE ? buffer->bytes : 0;
	struct dmabuf_usage *usage;
	struct holder *holder;
	size_t i;

	for (i = 0; i < ledger->holders; i++) {
		holder = vec_at(&snapshot->holders, ledger->holder + i);
		holder->pss =
			bytes / ledger->holders + (i < bytes % ledger->holders);
		usage = &((struct process *)vec_at(&snapshot->processes,
						   holder->process))
				 ->usage;
		usage->buffers++;
		usage->fds += holder->fds;
		usage->maps += holder->maps;
		usage->handles += holder->handles;
		usage->rss = u64_sat_add(usage->rss, bytes);
		usage->pss = u64_sat_add(usage->pss, holder->pss);
	}
}

/* Most have the process of the one before, or the next one. */
static struct process *next_process(const struct vec *processes,
				    struct process *last, uint32_t pid)
{
	const struct process *end = vec_at(processes, processes->n);

	if (last && last->rec.pid == pid)
		return last;
	if (last && last + 1 < end && last[1].rec.pid == pid)
		return last + 1;
	return find_process(processes, pid);
}

/* @at: index of the buffer's first hold, moved behind its last. */
static int keep_ledger(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_rec_buffer *buffer, size_t *at)
{
	struct ledger ledger = { .ref = *at, .holder = snapshot->holders.n };
	const struct dmabuf_rec_ref *ref;
	struct process *process = NULL;
	struct holder one, *holder = NULL;
	uint32_t pid = 0;

	for (; *at < snapshot->refs.n; ++*at, ledger.refs++) {
		ref = vec_at(&snapshot->refs, *at);
		if (ref->key != buffer->key || ref->ino != buffer->ino)
			break;
		ledger.explained += ref->refs;
		if (!is_process_ref(ref))
			continue;
		if (!holder || pid != ref->pid) {
			pid = ref->pid;
			process = next_process(&snapshot->processes, process,
					       pid);
			one = (struct holder){
				.process = vec_index(&snapshot->processes,
						     process),
			};
			if (vec_push(&snapshot->holders, &one))
				return -ENOMEM;
			holder = vec_at(&snapshot->holders,
					snapshot->holders.n - 1);
			ledger.holders++;
		}
		count_ref(holder, ref);
	}
	share(snapshot, buffer, &ledger);
	return vec_push(&snapshot->ledgers, &ledger);
}

int holders_join(struct dmabuf_snapshot *snapshot)
{
	struct vec places = VEC_OF(uint32_t);
	size_t i, at = 0;
	int r;

	/* Those of a task still stand together when processes are listed. */
	r = find_buffers(snapshot, &places)
		    ?: list_processes(snapshot)
		    ?: group_refs(snapshot, &places);
	vec_fini(&places);
	if (r)
		return r;
	count_all_once(&snapshot->refs);
	for (i = 0; !r && i < snapshot->buffers.n; i++)
		r = keep_ledger(snapshot, vec_at(&snapshot->buffers, i), &at);
	return r;
}

/* Holds of one table, as they came: those of a task stand together. */
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
 * Finds the runs of @refs. A table that comes again counts once: another
 * process shares it, or the task is seen again.
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

/* Takes of @left, which has the references to each buffer, those of holds. */
static int take_refs(const struct dmabuf_snapshot *snapshot,
		     const struct key_map *index, uint64_t *left)
{
	const struct dmabuf_rec_buffer *first = snapshot->buffers.data, *buffer;
	const struct dmabuf_rec_ref *ref = NULL, *last = NULL;
	struct vec runs = VEC_OF(struct run);
	const struct run *run = NULL;
	bool again;
	int r;

	r = find_runs(&snapshot->refs, &runs);
	while (!r && (ref = vec_next(&snapshot->refs, ref))) {
		if (!last || !is_same_run(last, ref))
			run = vec_next(&runs, run);
		last = ref;
		buffer = run->counts ? find_buffer(index, ref, &again) : NULL;
		if (buffer && !again)
			left[buffer - first] -= ref->refs;
	}
	vec_fini(&runs);
	return r;
}

int holders_stand_for_all(const struct dmabuf_snapshot *snapshot, bool *ret)
{
	const struct vec *buffers = &snapshot->buffers;
	const struct dmabuf_rec_buffer *buffer = buffers->data;
	_cleanup_free_ uint64_t *left = NULL;
	struct key_map index;
	size_t i;
	int r;

	*ret = false;
	left = calloc(buffers->n + 1, sizeof(*left));
	if (!left)
		return -ENOMEM;
	for (i = 0; i < buffers->n; i++) {
		if (!(buffer[i].have & DMABUF_HAVE_REFS))
			return 0;
		left[i] = buffer[i].refs;
	}
	r = key_map_init(&index, buffers) ?: take_refs(snapshot, &index, left);
	key_map_fini(&index);
	/* Below zero is one that has changed: whose they are nobody knows. */
	for (i = 0; i < buffers->n && !left[i]; i++)
		;
	*ret = !r && i == buffers->n;
	return r;
}

/*
 * Buffers of two snapshots are in the same order, so they are compared in step:
 * @at is where in @others to look from, for this buffer and those after it.
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

void holders_settle(struct dmabuf_snapshot *snapshot,
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

static const struct ledger *ledger_of(const struct dmabuf_snapshot *snapshot,
				      const void *buffer)
{
	static const struct ledger none;
	size_t i = vec_index(&snapshot->buffers, buffer);

	return i < snapshot->ledgers.n ? vec_at(&snapshot->ledgers, i) : &none;
}

static bool is_in_doubt(const struct dmabuf_snapshot *snapshot,
			const struct dmabuf_rec_buffer *buffer)
{
	return buffer->have & DMABUF_HAVE_LEDGER &&
	       ledger_of(snapshot, buffer)->explained < buffer->refs;
}

bool holders_doubt(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_buffer *buffer = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
		if (is_in_doubt(snapshot, buffer))
			return true;
	return false;
}

bool holders_moved(const struct dmabuf_snapshot *snapshot)
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

bool holders_confirm(struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_snapshot *before)
{
	const struct dmabuf_rec_buffer *then;
	struct dmabuf_rec_buffer *buffer = NULL;
	bool all = true;
	size_t at = 0;

	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		if (!is_in_doubt(snapshot, buffer))
			continue;
		then = find_again(&before->buffers, buffer, &at);
		if (then && then->have & DMABUF_HAVE_LEDGER &&
		    then->refs == buffer->refs &&
		    has_same_refs(snapshot, ledger_of(snapshot, buffer), before,
				  ledger_of(before, then)))
			continue;
		buffer->have &= ~DMABUF_HAVE_LEDGER;
		all = false;
	}
	return all;
}

/* What a caller gets is the thing itself, under a name that hides it. */

/* The one after @prev among @n from @first on; the first after NULL. */
static const void *next_of(const struct vec *vec, size_t first, size_t n,
			   const void *prev)
{
	size_t i = prev ? vec_index(vec, prev) + 1 : first;

	return i < first + n ? vec_at(vec, i) : NULL;
}

const char *dmabuf_snapshot_holders_collector(
	const struct dmabuf_snapshot *snapshot)
{
	return snapshot->source.head.kind ? snapshot->source.collector : NULL;
}

const struct dmabuf_ref *dmabuf_buffer_next_ref(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_ref *prev)
{
	const struct ledger *ledger = ledger_of(snapshot, buffer);

	return next_of(&snapshot->refs, ledger->ref, ledger->refs, prev);
}

static const struct dmabuf_rec_ref *ref_rec(const struct dmabuf_ref *ref)
{
	return (const void *)ref;
}

int dmabuf_ref_type(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->type;
}

const char *dmabuf_ref_type_name(int type)
{
	static const char *const names[] = {
		[DMABUF_REF_FD] = "fd",
		[DMABUF_REF_MAP] = "map",
		[DMABUF_REF_GEM_HANDLE] = "gem_handle",
		[DMABUF_REF_GEM_OBJECT] = "gem_object",
		[DMABUF_REF_MESSAGE] = "message",
		[DMABUF_REF_IO_URING] = "io_uring",
		[DMABUF_REF_V4L2] = "v4l2",
		[DMABUF_REF_ITERATOR] = "iterator",
	};
	const size_t n = sizeof(names) / sizeof(names[0]);

	return type > 0 && (size_t)type < n ? names[type] : "unknown";
}

uint32_t dmabuf_ref_pid(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->pid;
}

uint32_t dmabuf_ref_tid(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->tid;
}

uint64_t dmabuf_ref_place(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->place;
}

uint64_t dmabuf_ref_bytes(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->bytes;
}

uint64_t dmabuf_ref_offset(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->offset;
}

uint32_t dmabuf_ref_count(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->refs;
}

const struct dmabuf_holder *dmabuf_buffer_next_holder(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_holder *prev)
{
	const struct ledger *ledger = ledger_of(snapshot, buffer);

	return next_of(&snapshot->holders, ledger->holder, ledger->holders,
		       prev);
}

static const struct holder *inside(const struct dmabuf_holder *holder)
{
	return (const void *)holder;
}

const struct dmabuf_process *dmabuf_holder_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_holder *holder)
{
	return vec_at(&snapshot->processes, inside(holder)->process);
}

uint64_t dmabuf_holder_fds(const struct dmabuf_holder *holder)
{
	return inside(holder)->fds;
}

uint64_t dmabuf_holder_maps(const struct dmabuf_holder *holder)
{
	return inside(holder)->maps;
}

uint64_t dmabuf_holder_handles(const struct dmabuf_holder *holder)
{
	return inside(holder)->handles;
}

uint64_t dmabuf_holder_pss(const struct dmabuf_holder *holder)
{
	return inside(holder)->pss;
}

/* Whether a process that holds a buffer would have been found. */
static bool saw_all(const struct dmabuf_snapshot *snapshot)
{
	const uint32_t all = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_MAP);

	return (snapshot->source.covers & all) == all;
}

int dmabuf_buffer_processes(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	const struct ledger *ledger = ledger_of(snapshot, buffer);

	if (!snapshot->source.head.kind ||
	    (!ledger->holders && !saw_all(snapshot)))
		return -ENODATA;
	*ret = ledger->holders;
	return 0;
}

int dmabuf_buffer_kernel_only(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer, bool *ret)
{
	uint64_t processes;
	int r = dmabuf_buffer_processes(snapshot, buffer, &processes);

	if (!r)
		*ret = !processes;
	return r;
}

int dmabuf_buffer_explained(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	if (!snapshot->source.head.kind)
		return -ENODATA;
	*ret = ledger_of(snapshot, buffer)->explained;
	return 0;
}

int dmabuf_buffer_unexplained(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	const struct dmabuf_rec_buffer *rec = (const void *)buffer;
	uint64_t explained = ledger_of(snapshot, buffer)->explained;

	/* More names than references: it changed, whatever the counts say. */
	if (!snapshot->source.head.kind || !saw_all(snapshot) ||
	    !(rec->have & DMABUF_HAVE_LEDGER) || explained > rec->refs)
		return -ENODATA;
	*ret = rec->refs - explained;
	return 0;
}

const struct dmabuf_process *dmabuf_snapshot_next_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_process *prev)
{
	return vec_next(&snapshot->processes, prev);
}

const struct dmabuf_process *dmabuf_snapshot_find_process(
	const struct dmabuf_snapshot *snapshot, uint32_t pid)
{
	return (const void *)find_process(&snapshot->processes, pid);
}

static const struct process *process_of(const struct dmabuf_process *process)
{
	return (const void *)process;
}

uint32_t dmabuf_process_pid(const struct dmabuf_process *process)
{
	return process_of(process)->rec.pid;
}

const char *dmabuf_process_comm(const struct dmabuf_process *process)
{
	const char *comm = process_of(process)->rec.comm;

	return comm[0] ? comm : NULL;
}

const char *dmabuf_process_cgroup(const struct dmabuf_process *process)
{
	const char *cgroup = process_of(process)->rec.cgroup;

	return cgroup[0] ? cgroup : NULL;
}

int dmabuf_process_usage(const struct dmabuf_process *process,
			 struct dmabuf_usage *ret)
{
	struct dmabuf_usage usage = process_of(process)->usage;
	size_t size = ret->size;

	if (size < sizeof(size))
		return -EINVAL;
	memset(ret, 0, size);
	memcpy(ret, &usage, size < sizeof(usage) ? size : sizeof(usage));
	ret->size = size;
	return 0;
}
