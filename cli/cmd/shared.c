// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf shared: the buffers that each of some processes holds. */
#include "cli/operand.h"
#include "cli/rows/buffer.h"
#include "cli/rows/released.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* Whether each of the processes holds the buffer; it has a holder for each. */
static bool is_shared(const struct view *view,
		      const struct dmabuf_buffer *buffer,
		      const struct vec *pids)
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	size_t found = 0;

	while ((holder = dmabuf_buffer_next_holder(view->snapshot, buffer,
						   holder))) {
		process = dmabuf_holder_process(view->snapshot, holder);
		found += operand_has_pid(pids, dmabuf_process_pid(process));
	}
	return found == pids->n;
}

/* Leaves those of @buffers that are shared. */
static void pick(const struct view *view, struct vec *buffers,
		 const struct vec *pids)
{
	const struct dmabuf_buffer **buffer = buffers->data;
	size_t i, kept = 0;

	for (i = 0; i < buffers->n; i++)
		if (is_shared(view, buffer[i], pids))
			buffer[kept++] = buffer[i];
	buffers->n = kept;
}

/* The totals below the table, which the caller frees; NULL without memory. */
static char *total_lines(const struct view *view,
			 const struct envelope *envelope, bool bytes)
{
	_cleanup_free_ char *released = NULL;
	char size[VIEW_SIZE_TEXT];
	struct strbuf buf = {};

	if (released_line(view, envelope, bytes, &released))
		return NULL;
	strbuf_puts(&buf, view_size_text(envelope, bytes, size));
	if (released)
		strbuf_printf(&buf, "\n%s", released);
	return strbuf_take(&buf);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(vec_fini) struct vec pids = VEC_OF(uint64_t);
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	struct envelope envelope = { .command = "shared", .array = "buffers" };
	_cleanup_free_ char *below = NULL;
	const char *unknown;
	struct rows rows;
	int status;

	status = operand_pids(env, argc, argv, &pids);
	if (!status && pids.n < 2)
		status = cmd_usage(env, "'shared' needs two processes or more");
	if (!status)
		status = view_take_held(env, &view);
	if (!status)
		status = operand_check_pids(env, view.snapshot, &pids);
	if (status)
		return status;

	unknown = view_cannot_tell(&view);
	pick(&view, &view.buffers, &pids);
	pick(&view, &view.released, &pids);
	rows = buffer_rows(&view);
	view_envelope(&view, &envelope);
	envelope.lacks_rows |= !!unknown;
	if (!rows.n) {
		envelope.above =
			unknown ?: "no dma-buf found that all of them hold";
		return cmd_rows(env, &rows, &envelope);
	}
	below = total_lines(&view, &envelope, env->options.bytes);
	if (!below)
		return cmd_no_memory();
	envelope.below = below;
	return cmd_rows(env, &rows, &envelope);
}

const struct cmd cmd_shared = {
	.name = "shared",
	.args = "PID PID...",
	.summary = "buffers shared by all of the given processes",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS |
		 CMD_FILTER,
	.array = "buffers",
	.columns = buffer_columns,
	.sort = "-size",
	.run = run,
};
