// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/usage.h"

#include <stdlib.h>
#include <string.h>

#include "util/u64.h"

static int compare_pids(const void *left, const void *right)
{
	const struct process_row *a = left, *b = right;

	return u64_compare(dmabuf_process_pid(a->process),
			   dmabuf_process_pid(b->process));
}

/* Return: the row of a process, or NULL. */
static struct process_row *find(const struct view *view, struct vec *rows,
				uint32_t pid)
{
	const struct process_row wanted = {
		.process = dmabuf_snapshot_find_process(view->snapshot, pid),
	};

	return wanted.process ? vec_find(rows, &wanted, compare_pids) : NULL;
}

/* What is missing is told by the snapshot, and by births that were lost. */
static void begin(const struct view *view, struct vec *rows)
{
	struct process_row *row = NULL;
	uint64_t since, lost = 0;
	bool knows_births =
		!dmabuf_snapshot_births(view->snapshot, &since, &lost);

	while ((row = vec_next(rows, row))) {
		row->usage = (struct dmabuf_usage){
			.size = sizeof(row->usage),
			.lacks_kept = row->usage.lacks_kept,
			.lacks_released = row->usage.lacks_released,
		};
		row->knows_age = knows_births;
		row->knows_made =
			knows_births && !lost && !view_lacks_tracked(view);
	}
}

static void add_size(const struct dmabuf_buffer *buffer, uint64_t *sum,
		     bool *lacks)
{
	uint64_t bytes;

	if (dmabuf_buffer_size(buffer, &bytes))
		*lacks = true;
	else
		*sum = u64_sat_add(*sum, bytes);
}

static void add_held(const struct view *view, struct process_row *row,
		     const struct dmabuf_buffer *buffer,
		     const struct dmabuf_holder *holder)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(view->snapshot, buffer);
	struct dmabuf_usage *usage = &row->usage;
	uint64_t processes, pss = 0;

	usage->buffers++;
	usage->uncertain +=
		!!dmabuf_buffer_processes(view->snapshot, buffer, &processes);
	usage->fds += dmabuf_holder_fds(holder);
	usage->maps += dmabuf_holder_maps(holder);
	usage->handles += dmabuf_holder_handles(holder);
	add_size(buffer, &usage->rss, &usage->lacks_sizes);
	(void)dmabuf_holder_pss(holder, &pss);
	usage->pss = u64_sat_add(usage->pss, pss);
	if (!birth)
		row->knows_age = false;
	else if (dmabuf_birth_age_ns(birth) > row->oldest_age)
		row->oldest_age = dmabuf_birth_age_ns(birth);
}

static void add_holders(const struct view *view, struct vec *rows,
			const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	struct process_row *row;

	while ((holder = dmabuf_buffer_next_holder(view->snapshot, buffer,
						   holder))) {
		process = dmabuf_holder_process(view->snapshot, holder);
		row = find(view, rows, dmabuf_process_pid(process));
		if (!row)
			continue;
		row->last = buffer;
		if (!dmabuf_buffer_released(buffer)) {
			add_held(view, row, buffer, holder);
			continue;
		}
		row->usage.released_buffers++;
		add_size(buffer, &row->usage.released,
			 &row->usage.lacks_released);
	}
}

/* Adds the buffer to processes that keep it, but do not hold it. */
static void add_keepers(const struct view *view, struct vec *rows,
			const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_ref *ref = NULL;
	struct process_row *row;

	while ((ref = dmabuf_buffer_next_ref(view->snapshot, buffer, ref))) {
		row = dmabuf_ref_pid(ref)
			      ? find(view, rows, dmabuf_ref_pid(ref))
			      : NULL;
		if (!row || row->last == buffer)
			continue;
		row->last = buffer;
		row->usage.kept_buffers++;
		add_size(buffer, &row->usage.kept, &row->usage.lacks_kept);
	}
}

/*
 * Another process may have the number of the one that made it: names differ.
 * Return: false when it cannot be known who made the buffer.
 */
static bool add_birth(const struct view *view, struct vec *rows,
		      const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(view->snapshot, buffer);
	struct process_row *row;
	const char *comm;
	uint32_t pid;

	if (!birth)
		return dmabuf_buffer_birth_is_noted(view->snapshot, buffer);
	if (dmabuf_birth_pid(birth, &pid))
		return false;
	row = find(view, rows, pid);
	comm = row ? dmabuf_process_comm(row->process) : NULL;
	if (!comm || strcmp(comm, dmabuf_birth_comm(birth)))
		return true;
	row->made_buffers++;
	add_size(buffer, &row->made_bytes, &row->lacks_made_sizes);
	return true;
}

void usage_sum(const struct view *view, struct vec *rows)
{
	const struct dmabuf_buffer *buffer;
	struct process_row *row = NULL;
	bool knows_makers = true;
	size_t i;

	begin(view, rows);
	for (i = 0; i < view_count_all(view); i++) {
		buffer = view_any(view, i);
		add_holders(view, rows, buffer);
		add_keepers(view, rows, buffer);
		knows_makers &= add_birth(view, rows, buffer);
	}
	while ((row = vec_next(rows, row)))
		row->knows_made &= knows_makers;
}
