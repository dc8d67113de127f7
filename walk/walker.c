// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Levels one after the other: the objects of one lead to the heads of the next.
 * A walk that is torn is tried again where it stands, then from its head; the
 * objects of an attempt count only once it has closed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "abi/walk.h"
#include "bpf/kernel_range.h"
#include "bpf/object.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "walk.skel.h"
#include "walk/condition.h"
#include "walk/value.h"
#include "walk/walker.h"

/* At one place, and from the head. */
enum { TRIES = 8, STARTS = 64, RESTART_USECONDS = 1000 };

struct walker {
	struct dmabuf_ctx *ctx;
	struct walk_bpf *skel;
	uint64_t lowest; /* see struct walk_plan */
};

DEFINE_CLEANUP(walker, struct walker, walker_free)
DEFINE_BPF_SKELETON(walk)

int walker_open(struct dmabuf_ctx *ctx, struct walker **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(walk),
	};
	_cleanup_(walker_cleanup) struct walker *walker = NULL;
	void *skel;
	int r;

	walker = calloc(1, sizeof(*walker));
	if (!walker)
		return error_no_memory(&ctx->error);
	r = bpf_object_load(ctx, &skeleton, &skel);
	if (r)
		return r;
	walker->ctx = ctx;
	walker->skel = skel;
	walker->lowest = kernel_lowest_address();
	*ret = take_ptr(walker);
	return 0;
}

void walker_free(struct walker *walker)
{
	if (!walker)
		return;
	walk_bpf__destroy(walker->skel);
	free(walker);
}

void walk_result_fini(struct walk_result *result)
{
	size_t i;

	for (i = 0; i < result->levels; i++)
		vec_fini(&result->objects[i]);
	free(result->objects);
	vec_fini(&result->gaps);
	*result = (struct walk_result){};
}

const struct object *walk_object(const struct walk_result *result, size_t level,
				 size_t i)
{
	const struct object *object;
	size_t at = result->levels - 1;

	for (object = vec_at(&result->objects[at], i); at > level; at--)
		object = vec_at(&result->objects[at - 1], object->parent);
	return object;
}

/* One level's walk. */
struct run {
	struct walker *walker;
	const struct query *query;
	const struct walk_limits *limits;
	struct walk_result *result;
	const struct level *level;
	size_t depth; /* of the level */
	struct vec *objects; /* of it */
	uint32_t parents[WALK_HEADS]; /* of the heads in the plan */
	double end; /* when time is over */
	/* Of the head where the walk stands: */
	uint32_t head;
	size_t first, attempt; /* its first object, and that of this attempt */
	unsigned int tries, starts;
	bool done; /* enough was seen */
	/* To be told at the end: */
	uint64_t unclosed, faults, cuts;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int out_of_memory(struct run *run)
{
	return error_no_memory(&run->walker->ctx->error);
}

static int add_gap(struct run *run, const char *what, uint64_t count,
		   const char *why)
{
	struct walk_gap gap = { .count = count };

	snprintf(gap.what, sizeof(gap.what), "%s", what);
	snprintf(gap.why, sizeof(gap.why), "%s", why);
	return vec_push(&run->result->gaps, &gap) ? out_of_memory(run) : 0;
}

static bool is_last(const struct run *run)
{
	return run->depth == run->query->levels.n - 1;
}

/* Bytes of the record of a level's object. */
static uint32_t record_size(const struct level *level)
{
	const struct path *path = NULL;
	uint32_t size = sizeof(struct walk_record);

	while ((path = vec_next(&level->paths, path)))
		size += (path->field.bytes + 7) & ~7U;
	/* The head of the next level. */
	return size + sizeof(uint64_t);
}

/* It is the last of a record of this many bytes. */
static uint64_t next_head_of(const struct walk_record *record, size_t size)
{
	uint64_t head;

	memcpy(&head, (const char *)record + size - sizeof(head), sizeof(head));
	return head;
}

static bool has_next_head(const struct level *level,
			  const struct walk_record *record)
{
	return !((record->null | record->fault) >> level->paths.n & 1);
}

static void make_plan(const struct run *run, struct walk_plan *plan)
{
	const struct level *level = run->level;
	const struct xa_layout *xa = &run->query->xa;
	size_t i;

	plan->kind = level->kind;
	plan->link = level->link;
	plan->back = level->back;
	plan->count = level->count;
	plan->xa_head = xa->head;
	plan->xa_slots = xa->slots;
	plan->xa_chunk = xa->chunk;
	plan->xa_shift = xa->shift;
	plan->xa_offset = xa->offset;
	plan->xa_parent = xa->parent;
	plan->xa_array = xa->array;
	plan->record = record_size(level);
	plan->lowest = run->walker->lowest;
	for (i = 0; i < level->paths.n; i++) {
		const struct path *path = vec_at(&level->paths, i);

		plan->field[i] = path->field;
		if (path->show == SHOW_INDEX)
			plan->field[i].take = WALK_TAKE_ADDRESS;
	}
	plan->fields = i;
	if (!is_last(run)) {
		plan->field[i] = level->head;
		plan->field[i].at = plan->record - sizeof(struct walk_record) -
				    sizeof(uint64_t);
		plan->fields++;
	}
}

/* Whether an object counts, and what its checks say. */
static bool counts(const struct run *run, struct object *object)
{
	const struct condition *condition = NULL;

	while ((condition = vec_next(&run->query->conditions, condition))) {
		if (condition->level != run->depth ||
		    condition_holds(condition,
				    vec_at(&run->level->paths, condition->path),
				    &object->record))
			continue;
		if (!condition->check)
			return false;
		object->check_failed = true;
	}
	return true;
}

static int add_object(struct run *run, const struct walk_record *record,
		      size_t size)
{
	struct object *object;

	if (vec_grow(run->objects))
		return out_of_memory(run);
	object = vec_at(run->objects, run->objects->n);
	*object = (struct object){
		.parent = run->parents[record->head % WALK_HEADS],
	};
	memcpy(&object->record, record, size);
	if (counts(run, object))
		run->objects->n++;
	return 0;
}

/* Takes out what the runs have put there. */
static int drain(struct run *run)
{
	struct walk_bpf__bss *bss = run->walker->skel->bss;
	uint32_t at, size = bss->plan.record;
	int r = 0;

	for (at = 0; !r && at + size <= bss->out_used; at += size)
		r = add_object(run, (const void *)(bss->out + at), size);
	bss->out_used = 0;
	return r;
}

static int compare_objects(const void *a, const void *b)
{
	const struct object *left = a, *right = b;

	return (left->record.object > right->record.object) -
	       (left->record.object < right->record.object);
}

/* Of the attempts at a head that never closed: each object once. */
static void merge_attempts(struct run *run)
{
	struct vec *all = run->objects;
	char *objects = vec_at(all, run->first);
	size_t n = all->n - run->first, i, kept = 0;

	if (!n)
		return;
	qsort(objects, n, all->each, compare_objects);
	for (i = 0; i < n; i++) {
		char *object = objects + i * all->each;

		if (i && !compare_objects(object - all->each, object))
			continue;
		memmove(objects + kept++ * all->each, object, all->each);
	}
	all->n = run->first + kept;
}

/* Of the attempts at a head, just the last counts. */
static void drop_attempts(struct run *run)
{
	struct vec *all = run->objects;
	size_t dropped = run->attempt - run->first;

	if (!dropped)
		return;
	memmove(vec_at(all, run->first), vec_at(all, run->attempt),
		(all->n - run->attempt) * all->each);
	all->n -= dropped;
	run->attempt = run->first;
}

/* The heads before this one have closed; so has the one that was retried. */
static void enter_head(struct run *run, uint32_t head)
{
	struct vec *all = run->objects;

	if (head == run->head)
		return;
	drop_attempts(run);
	/* Where the objects of the new head begin; they are the last. */
	run->first = all->n;
	while (run->first &&
	       ((struct object *)vec_at(all, run->first - 1))->record.head ==
		       head &&
	       ((struct object *)vec_at(all, run->first - 1))->parent ==
		       run->parents[head % WALK_HEADS])
		run->first--;
	run->attempt = run->first;
	run->head = head;
	run->tries = run->starts = 0;
}

/* The structure changed where the walk stands. */
static void torn(struct run *run, struct walk_position *position)
{
	if (++run->tries < TRIES)
		return;
	run->tries = 0;
	run->result->restarts++;
	/* Who is in the middle of a change may wait for this CPU. */
	usleep(RESTART_USECONDS);
	if (++run->starts < STARTS) {
		*position = (struct walk_position){ .head = run->head };
		run->attempt = run->objects->n;
		return;
	}
	run->unclosed++;
	merge_attempts(run);
	*position = (struct walk_position){ .head = run->head + 1 };
	run->attempt = run->first;
}

/* The walk ends before it has closed. */
static int stop(struct run *run, const char *why)
{
	run->done = true;
	if (run->attempt != run->first)
		merge_attempts(run);
	return add_gap(run, "objects", 0, why);
}

/* Sets run->done when the walk is to end here. Return: 0 or -errno. */
static int check_bounds(struct run *run, int end)
{
	const struct walk_limits *limits = run->limits;
	size_t voided = run->attempt - run->first;
	char why[160];

	if (is_last(run) && limits->objects &&
	    run->objects->n - voided > limits->objects) {
		drop_attempts(run);
		run->objects->n = limits->objects;
		run->result->limited = run->done = true;
		return 0;
	}
	if (run->objects->n - run->attempt > limits->objects_max) {
		snprintf(why, sizeof(why),
			 "there are more than %llu, or they go round in a "
			 "ring; see --max",
			 (unsigned long long)limits->objects_max);
		return stop(run, why);
	}
	if (end == WALK_DONE || now() < run->end)
		return 0;
	snprintf(why, sizeof(why), "not all were seen in %g s; see --timeout",
		 limits->seconds);
	return stop(run, why);
}

/* Walks from the heads that are in the plan. */
static int run_plan(struct run *run)
{
	struct walk_bpf *skel = run->walker->skel;
	struct walk_bpf__bss *bss = skel->bss;
	int end, r;

	bss->position = (struct walk_position){};
	bss->out_used = 0;
	run->head = 0;
	run->first = run->attempt = run->objects->n;
	run->tries = run->starts = 0;
	do {
		end = bpf_object_run(run->walker->ctx, skel->progs.walk);
		if (end < 0)
			return end;
		r = drain(run);
		if (r)
			return r;
		enter_head(run, bss->position.head);
		if (end == WALK_TORN)
			torn(run, &bss->position);
		else
			run->tries = 0;
		r = check_bounds(run, end);
		if (r)
			return r;
	} while (end != WALK_DONE && !run->done);
	return 0;
}

/* Reads the number of an array's elements, where a symbol says it. */
static int read_count(struct run *run, struct level *level)
{
	struct walk_bpf__bss *bss = run->walker->skel->bss;
	struct walk_record *record = (void *)bss->out;
	int end;

	bss->plan = (struct walk_plan){
		.kind = WALK_ARRAY,
		.count = 1,
		.heads = 1,
		.head = { level->count_at },
		.fields = 1,
		.field = { { .offsets = 1, .bytes = sizeof(uint32_t) } },
		.record = sizeof(*record) + sizeof(uint64_t),
	};
	bss->position = (struct walk_position){};
	bss->out_used = 0;
	end = bpf_object_run(run->walker->ctx, run->walker->skel->progs.walk);
	if (end < 0)
		return end;
	if (end != WALK_DONE || record->fault)
		return error_set(&run->walker->ctx->error, -EFAULT,
				 "cannot read the number of elements");
	memcpy(&level->count, record + 1, sizeof(level->count));
	return 0;
}

/* Objects of the level, from the heads that those of the one before lead to. */
static int run_level(struct run *run)
{
	struct walk_plan *plan = &run->walker->skel->bss->plan;
	const struct level *above =
		run->depth ? query_level(run->query, run->depth - 1) : NULL;
	const struct vec *from =
		above ? &run->result->objects[run->depth - 1] : NULL;
	size_t i = 0, n = from ? from->n : 1;
	const size_t size = above ? record_size(above) : 0;
	const struct object *object;
	int r;

	make_plan(run, plan);
	while (i < n && !run->done) {
		for (plan->heads = 0; i < n && plan->heads < WALK_HEADS; i++) {
			object = from ? vec_at(from, i) : NULL;
			if (above && !has_next_head(above, &object->record)) {
				/* Behind NULL is nothing; behind that, who
				 * knows. */
				run->faults +=
					object->record.fault >> above->paths.n &
					1;
				continue;
			}
			run->parents[plan->heads] = i;
			plan->head[plan->heads++] =
				above ? next_head_of(&object->record, size)
				      : run->query->start;
		}
		if (!plan->heads)
			break;
		r = run_plan(run);
		if (r)
			return r;
	}
	return 0;
}

/* What the values of a level's objects cannot tell. */
static void count_values(struct run *run)
{
	const struct object *object = NULL;
	const struct path *path;
	struct walk_value value;
	size_t i;

	while ((object = vec_next(run->objects, object))) {
		run->result->checks_failed += object->check_failed;
		for (i = 0; i < run->level->paths.n; i++) {
			path = vec_at(&run->level->paths, i);
			value = walk_value_of(path, i, &object->record);
			run->faults += value.fault;
			run->cuts += value.cut;
		}
	}
}

static int tell_gaps(struct run *run)
{
	const struct {
		const char *what, *why;
		uint64_t *count;
	} gaps[] = {
		{ "lists",
		  "never closed: they change all the time, or are none",
		  &run->unclosed },
		{ "fields", "a pointer on the way to it leads nowhere",
		  &run->faults },
		{ "strings", "longer than 255 bytes, cut", &run->cuts },
	};
	size_t i;
	int r = 0;

	if (run->level->shown)
		count_values(run);
	for (i = 0; !r && i < ARRAY_SIZE(gaps); i++)
		if (*gaps[i].count)
			r = add_gap(run, gaps[i].what, *gaps[i].count,
				    gaps[i].why);
	return r;
}

int walker_run(struct walker *walker, const struct query *query,
	       const struct walk_limits *limits, struct walk_result *ret)
{
	_cleanup_free_ struct run *run = calloc(1, sizeof(*run));
	double end = now() + limits->seconds;
	struct level *level;
	size_t i;
	int r = 0;

	*ret = (struct walk_result){ .gaps = VEC_OF(struct walk_gap) };
	ret->objects = calloc(query->levels.n, sizeof(*ret->objects));
	if (!run || !ret->objects)
		return error_no_memory(&walker->ctx->error);
	ret->levels = query->levels.n;
	for (i = 0; !r && i < query->levels.n; i++) {
		level = query_level(query, i);
		*run = (struct run){
			.walker = walker,
			.query = query,
			.limits = limits,
			.result = ret,
			.level = level,
			.depth = i,
			.objects = &ret->objects[i],
			.end = end,
		};
		run->objects->each =
			offsetof(struct object, record) + record_size(level);
		if (level->count_at)
			r = read_count(run, level);
		if (!r)
			r = run_level(run);
		if (!r)
			r = tell_gaps(run);
	}
	return r;
}
