// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "snapshot/processes.h"
#include "util/cleanup.h"
#include "util/u64.h"

static int compare_pids(const void *left, const void *right)
{
	const struct process *a = left, *b = right;

	return u64_compare(a->rec.pid, b->rec.pid);
}

struct process *process_find(const struct vec *processes, uint32_t pid)
{
	struct process wanted = { .rec.pid = pid };

	return vec_find(processes, &wanted, compare_pids);
}

static int compare_numbers(const void *left, const void *right)
{
	return u64_compare(*(const uint32_t *)left, *(const uint32_t *)right);
}

/* Adds a process without a name for each new ID in @pids. */
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
		if (one.rec.pid == last || process_find(&before, one.rec.pid))
			continue;
		last = one.rec.pid;
		if (vec_push(processes, &one))
			return -ENOMEM;
	}
	vec_sort(processes, compare_pids);
	return 0;
}

/* Drops processes that a file has twice. */
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

/* Return: the first reference after @ref of another task, or NULL. */
static const struct ref *next_task(const struct vec *refs,
				   const struct ref *ref)
{
	const struct ref *end = vec_end(refs);
	const struct ref *next = ref ? ref + 1 : refs->data;

	while (next < end && ref && next->rec == ref->rec)
		next++;
	return next < end ? next : NULL;
}

/* Lists the tasks of references, some more than once. Return: 0 or -ENOMEM. */
static int list_tasks(const struct vec *refs, struct vec *tasks,
		      struct vec *pids)
{
	const struct ref *ref = NULL;
	uint32_t last = 0;

	while ((ref = next_task(refs, ref))) {
		if (vec_push(tasks, &ref->rec) ||
		    (ref->rec->pid && ref->rec->pid != last &&
		     vec_push(pids, &ref->rec->pid)))
			return -ENOMEM;
		last = ref->rec->pid;
	}
	return 0;
}

int snapshot_list_processes(struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec tasks = VEC_OF(struct dmabuf_rec_ref *);
	_cleanup_(vec_fini) struct vec pids = VEC_OF(uint32_t);
	struct dmabuf_rec_ref **task = NULL;
	struct process *process = NULL;
	int r;

	drop_doubles(&snapshot->processes);
	r = list_tasks(&snapshot->joined, &tasks, &pids)
		    ?: add_processes(&snapshot->processes, &pids);
	while (!r && (task = vec_next(&tasks, task))) {
		if (!process || process->rec.pid != (*task)->pid)
			process = process_find(&snapshot->processes,
					       (*task)->pid);
		if (process && !process->rec.comm[0])
			memcpy(process->rec.comm, (*task)->comm,
			       sizeof(process->rec.comm));
	}
	return r;
}
