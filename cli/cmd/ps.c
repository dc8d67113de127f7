// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf ps: what each process holds. */
#include <errno.h>

#include "cli/operand.h"
#include "cli/rows/dmabuf_dump.h"
#include "cli/rows/processes.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Leaves the processes that the operands name, if there are any. */
static void pick(struct vec *processes, const struct vec *pids)
{
	const struct process_row *row;
	size_t i, kept = 0;

	for (i = 0; pids->n && i < processes->n; i++) {
		row = processes_at(processes, i);
		if (operand_has_pid(pids, dmabuf_process_pid(row->process)))
			memmove(vec_at(processes, kept++), row, sizeof(*row));
	}
	if (pids->n)
		processes->n = kept;
}

static bool is_held_by_any(const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_buffer *buffer,
			   const struct vec *pids)
{
	const struct dmabuf_holder *holder = NULL;

	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder)))
		if (operand_has_pid(pids,
				    dmabuf_process_pid(dmabuf_holder_process(
					    snapshot, holder))))
			return true;
	return false;
}

/* Adds to @to those of @buffers that any of the processes holds. */
static int pick_held(const struct view *view, const struct vec *buffers,
		     const struct vec *pids, struct vec *to)
{
	const struct dmabuf_buffer *const *buffer = NULL;

	while ((buffer = vec_next(buffers, buffer)))
		if (is_held_by_any(view->snapshot, *buffer, pids) &&
		    vec_push(to, buffer))
			return -ENOMEM;
	return 0;
}

/* Totals of the processes that were asked for, and of the buffers they hold. */
static int sum_shown(const struct view *view, const struct vec *processes,
		     const struct vec *pids, struct envelope *envelope)
{
	_cleanup_(vec_fini) struct vec buffers = VEC_OF(
					       const struct dmabuf_buffer *),
				       released = buffers;
	const struct dmabuf_usage *usage;
	struct total *total = envelope->totals;
	uint64_t rss = 0, pss = 0;
	size_t i;

	if (pick_held(view, &view->buffers, pids, &buffers) ||
	    pick_held(view, &view->released, pids, &released))
		return -ENOMEM;
	view_envelope(&(struct view){ view->snapshot, buffers, released,
				      view->filter },
		      envelope);
	for (i = 0; i < processes->n; i++) {
		usage = &processes_at(processes, i)->usage;
		rss = u64_sat_add(rss, usage->rss);
		pss = u64_sat_add(pss, usage->pss);
	}
	total[TOTAL_USERSPACE_RSS].number = rss;
	total[TOTAL_USERSPACE_PSS].number = pss;
	/* A share depends on the number of all holders, a sum of sizes not. */
	total[TOTAL_USERSPACE_PSS].known &= total[TOTAL_USERSPACE_RSS].known;
	total[TOTAL_USERSPACE_RSS].known = total[TOTAL_BYTES].known;
	for (i = 0; i < TOTALS; i++)
		total[i].is_least |= view_lacks_holders(view);
	return 0;
}

/* What is shown in place of rows. */
static const char *nothing(const struct cmd_env *env, const struct view *view,
			   const struct vec *pids)
{
	if (!view_is_whole(view))
		return "no process is seen to hold a dma-buf";
	if (view_is_filtered(env))
		return view_lacks_buffers(view)
			       ? "no process is known to hold a buffer that "
				 "matches"
			       : "no process holds a buffer that matches";
	return pids->n ? "these processes hold no dma-buf"
		       : "no process holds a dma-buf";
}

static int show(struct cmd_env *env, const struct view *view,
		const struct vec *processes, const struct vec *pids)
{
	const struct dumped_processes dumped = { view, processes };
	struct envelope envelope = { .command = "ps",
				     .array = "processes",
				     .no_sums = !cmd_needs_totals(env),
				     .dump = dump_processes,
				     .data = &dumped };
	const struct rows rows = process_rows(processes);
	const char *unknown = view_cannot_tell(view);

	if (!pids->n || envelope.no_sums)
		view_envelope(view, &envelope);
	else if (sum_shown(view, processes, pids, &envelope))
		return cmd_no_memory();
	envelope.lacks_rows |= !!unknown;
	if (!rows.n)
		envelope.above = unknown ?: nothing(env, view, pids);
	return cmd_rows(env, &rows, &envelope);
}

/* Sums of all buffers are there already. */
static int list(const struct cmd_env *env, const struct view *view,
		enum processes_which which, struct vec *ret)
{
	if (view_is_filtered(env) || cmd_wants_births(env))
		return processes_list_view(view, which, ret);
	return processes_list(view->snapshot, which, ret);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(vec_fini) struct vec processes = VEC_OF(struct process_row);
	_cleanup_(vec_fini) struct vec pids = VEC_OF(uint64_t);
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	enum processes_which which;
	int status;

	status = operand_pids(env, argc, argv, &pids);
	if (!status)
		status = view_take_held(env, &view);
	if (!status)
		status = operand_check_pids(env, view.snapshot, &pids);
	if (status)
		return status;
	/* dmabuf_dump has no column for the others. */
	which = env->format == &format_dmabuf_dump ? PROCESSES_HOLDING
						   : PROCESSES_KEEPING;
	if (list(env, &view, which, &processes))
		return cmd_no_memory();
	pick(&processes, &pids);
	return show(env, &view, &processes, &pids);
}

const struct cmd cmd_ps = {
	.name = "ps",
	.args = "[PID]...",
	.summary = "what each process holds, the largest share first",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS |
		 CMD_FORMAT | CMD_FILTER,
	.array = "processes",
	.columns = process_columns,
	.sort = "-pss",
	.run = run,
};
