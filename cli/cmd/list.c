// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf list: every buffer, a row each. */
#include "cli/rows/buffer.h"
#include "cli/rows/dmabuf_dump.h"
#include "cli/rows/released.h"
#include "util/cleanup.h"

/* What is shown in place of rows. */
static const char *nothing(const struct cmd_env *env, const struct view *view)
{
	if (view_is_filtered(env))
		return view_lacks_buffers(view) ? "no buffer is known to match"
						: "no buffer matches";
	return view_is_whole(view) ? "no dma-bufs" : "no dma-bufs found";
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	struct envelope envelope = { .command = "list",
				     .array = "buffers",
				     .no_sums = !cmd_needs_totals(env),
				     .dump = dump_buffers,
				     .data = &view };
	_cleanup_free_ char *released = NULL;
	struct rows rows;
	int status;

	(void)argc;
	(void)argv;
	status = view_take(env, &view);
	if (status)
		return status;
	rows = buffer_rows(&view);
	view_envelope(&view, &envelope);
	if (released_line(&view, &envelope, env->options.bytes, &released))
		return cmd_no_memory();
	envelope.below = released;
	if (!rows.n)
		envelope.above = nothing(env, &view);
	return cmd_rows(env, &rows, &envelope);
}

const struct cmd cmd_list = {
	.name = "list",
	.summary = "every buffer, largest first",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_FILTER |
		 CMD_FORMAT,
	.array = "buffers",
	.columns = buffer_columns,
	.sort = "-size",
	.run = run,
};
