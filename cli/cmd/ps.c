// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf ps: what each process holds. */
#include "cli/operand.h"
#include "cli/rows/dmabuf_dump.h"
#include "cli/rows/processes.h"
#include "util/cleanup.h"

/* Leaves the processes that the operands name, if there are any. */
static void pick(struct vec *processes, const struct vec *pids)
{
	size_t i, kept = 0;

	for (i = 0; pids->n && i < processes->n; i++)
		if (operand_has_pid(pids, dmabuf_process_pid(
						  processes_at(processes, i))))
			memmove(vec_at(processes, kept++), vec_at(processes, i),
				processes->each);
	if (pids->n)
		processes->n = kept;
}

static int show(struct cmd_env *env, const struct view *view,
		const struct vec *processes, bool asked)
{
	const struct dumped_processes dumped = { view, processes };
	struct envelope envelope = { .command = "ps",
				     .array = "processes",
				     .dump = dump_processes,
				     .data = &dumped };
	const struct rows rows = process_rows(processes);

	view_envelope(view, &envelope);
	if (!rows.n && !view_is_whole(view))
		envelope.above = "no process is seen to hold a dma-buf";
	else if (!rows.n)
		envelope.above = asked ? "these processes hold no dma-buf"
				       : "no process holds a dma-buf";
	return cmd_rows(env, &rows, &envelope);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(vec_fini) struct vec processes =
		VEC_OF(const struct dmabuf_process *);
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
	if (processes_list(view.snapshot, which, &processes))
		return cmd_no_memory();
	pick(&processes, &pids);
	return show(env, &view, &processes, pids.n);
}

const struct cmd cmd_ps = {
	.name = "ps",
	.args = "[PID]...",
	.summary = "what each process holds, the largest share first",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_HOLDERS | CMD_FORMAT,
	.array = "processes",
	.columns = process_columns,
	.sort = "-pss",
	.run = run,
};
