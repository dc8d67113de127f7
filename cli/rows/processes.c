// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "cli/cgroup.h"
#include "cli/rows/processes.h"
#include "cli/rows/usage.h"
#include "util/u64.h"

/* Return: whether a process has anything that is to be shown. */
static bool is_shown(const struct process_row *row, enum processes_which which)
{
	const struct dmabuf_usage *usage = &row->usage;

	return usage->buffers ||
	       (which == PROCESSES_KEEPING &&
		(usage->kept_buffers || usage->released_buffers));
}

/* Drops the processes that are not shown. */
static void drop_others(struct vec *rows, enum processes_which which)
{
	const struct process_row *row;
	size_t i, kept = 0;

	for (i = 0; i < rows->n; i++) {
		row = vec_at(rows, i);
		if (is_shown(row, which))
			memmove(vec_at(rows, kept++), row, sizeof(*row));
	}
	rows->n = kept;
}

static int list_all(const struct dmabuf_snapshot *snapshot, struct vec *ret)
{
	struct process_row row = { .usage.size = sizeof(row.usage) };

	while ((row.process =
			dmabuf_snapshot_next_process(snapshot, row.process))) {
		(void)dmabuf_process_usage(row.process, &row.usage);
		if (vec_push(ret, &row))
			return -ENOMEM;
	}
	return 0;
}

int processes_list(const struct dmabuf_snapshot *snapshot,
		   enum processes_which which, struct vec *ret)
{
	if (list_all(snapshot, ret))
		return -ENOMEM;
	drop_others(ret, which);
	return 0;
}

int processes_list_view(const struct view *view, enum processes_which which,
			struct vec *ret)
{
	if (list_all(view->snapshot, ret))
		return -ENOMEM;
	usage_sum(view, ret);
	drop_others(ret, which);
	return 0;
}

const struct process_row *processes_at(const struct vec *processes, size_t i)
{
	return vec_at(processes, i);
}

int processes_compare_pss(const void *left, const void *right)
{
	const struct process_row *a = left, *b = right;

	return u64_compare(b->usage.pss, a->usage.pss)
		       ?: u64_compare(dmabuf_process_pid(a->process),
				      dmabuf_process_pid(b->process));
}

static const struct dmabuf_process *process_of(const struct cell *cell)
{
	const struct process_row *row = cell->row;

	return row->process;
}

static const struct dmabuf_usage *usage_of(const struct cell *cell)
{
	const struct process_row *row = cell->row;

	return &row->usage;
}

int processes_compare_released(const void *left, const void *right)
{
	const struct process_row *a = left, *b = right;

	return u64_compare(b->usage.released, a->usage.released)
		       ?: u64_compare(dmabuf_process_pid(a->process),
				      dmabuf_process_pid(b->process));
}

static void get_pid(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_process_pid(process_of(cell)));
}

static void get_comm(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_process_comm(process_of(cell)));
}

static void get_buffers(const struct cell *cell, struct value *value)
{
	value_set_number(value, usage_of(cell)->buffers);
}

static void get_fds(const struct cell *cell, struct value *value)
{
	value_set_number(value, usage_of(cell)->fds);
}

static void get_maps(const struct cell *cell, struct value *value)
{
	value_set_number(value, usage_of(cell)->maps);
}

static void get_handles(const struct cell *cell, struct value *value)
{
	value_set_number(value, usage_of(cell)->handles);
}

static void get_rss(const struct cell *cell, struct value *value)
{
	value->known = !usage_of(cell)->lacks_sizes;
	value->number = usage_of(cell)->rss;
}

static void get_pss(const struct cell *cell, struct value *value)
{
	const struct dmabuf_usage *usage = usage_of(cell);

	value->known = !usage->lacks_sizes && !usage->uncertain;
	value->number = usage->pss;
}

static void get_kept(const struct cell *cell, struct value *value)
{
	value->known = !usage_of(cell)->lacks_kept;
	value->number = usage_of(cell)->kept;
}

static void get_released(const struct cell *cell, struct value *value)
{
	value->known = !usage_of(cell)->lacks_released;
	value->number = usage_of(cell)->released;
}

static void get_oldest_age(const struct cell *cell, struct value *value)
{
	const struct process_row *row = cell->row;

	value->known = row->knows_age && row->usage.buffers;
	value->number = row->oldest_age;
}

static void get_made_buffers(const struct cell *cell, struct value *value)
{
	const struct process_row *row = cell->row;

	value->known = row->knows_made;
	value->number = row->made_buffers;
}

static void get_made_bytes(const struct cell *cell, struct value *value)
{
	const struct process_row *row = cell->row;

	value->known = row->knows_made && !row->lacks_made_sizes;
	value->number = row->made_bytes;
}

static void get_cgroup(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_process_cgroup(process_of(cell)));
}

/* Takes a text that there may be or not. */
static void take_found(struct value *value, char *text)
{
	value_set_text(value, text);
	value->made = text;
	value->failed = !text && errno == ENOMEM;
}

static void get_unit(const struct cell *cell, struct value *value)
{
	const char *cgroup = dmabuf_process_cgroup(process_of(cell));

	errno = 0;
	take_found(value, cgroup ? cgroup_unit(cgroup) : NULL);
}

static void get_container(const struct cell *cell, struct value *value)
{
	const char *cgroup = dmabuf_process_cgroup(process_of(cell));

	errno = 0;
	take_found(value, cgroup ? cgroup_container(cgroup) : NULL);
}

const struct column process_columns[] = {
	COLUMN(PID, COLUMN_BOTH, get_pid),
	COLUMN(COMM, COLUMN_BOTH, get_comm),
	COLUMN(BUFFERS, COLUMN_BOTH, get_buffers),
	COLUMN(FDS, COLUMN_BOTH, get_fds),
	COLUMN(MAPS, COLUMN_BOTH, get_maps),
	COLUMN(HANDLES, COLUMN_BOTH, get_handles),
	COLUMN(RSS, COLUMN_BOTH, get_rss),
	COLUMN(PSS, COLUMN_BOTH, get_pss),
	COLUMN(KEPT, COLUMN_BOTH, get_kept),
	COLUMN(RELEASED_BYTES, COLUMN_BOTH, get_released),
	COLUMN(OLDEST_AGE, NEEDS_BIRTHS, get_oldest_age),
	COLUMN(MADE_BUFFERS, NEEDS_BIRTHS, get_made_buffers),
	COLUMN(MADE_BYTES, NEEDS_BIRTHS, get_made_bytes),
	COLUMN(CGROUP, COLUMN_JSON | NEEDS_CGROUPS, get_cgroup),
	COLUMN(UNIT, COLUMN_JSON | NEEDS_CGROUPS, get_unit),
	COLUMN(CONTAINER, COLUMN_JSON | NEEDS_CGROUPS, get_container),
	{},
};

static const void *at(const void *of, size_t i)
{
	return processes_at(of, i);
}

struct rows process_rows(const struct vec *processes)
{
	return (struct rows){
		.of = processes,
		.n = processes->n,
		.at = at,
	};
}
