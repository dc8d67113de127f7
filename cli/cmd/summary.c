// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf summary: how much there is, exporter by exporter, and who has most. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/rows/exporters.h"
#include "cli/rows/processes.h"
#include "cli/rows/released.h"
#include "ui/json.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* When a snapshot was taken is news only of one that was saved. */
static void say_when(struct strbuf *buf, const struct dmabuf_snapshot *snapshot)
{
	time_t when = dmabuf_snapshot_time_ns(snapshot) / 1000000000;
	char text[64];
	struct tm tm;

	if (gmtime_r(&when, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d at %H:%M:%S UTC", &tm))
		strbuf_printf(buf, "\nsaved on %s", text);
}

static void say_totals(struct strbuf *buf, const struct envelope *envelope)
{
	const struct total *only = &envelope->totals[TOTAL_KERNEL_ONLY];
	char size[VIEW_SIZE_TEXT];

	strbuf_puts(buf, view_size_text(envelope, false, size));
	if (!only->known && !only->number) {
		strbuf_puts(buf, ", not known how much no process holds");
		return;
	}
	strbuf_printf(buf, ", %s held by no process",
		      view_bytes_text(only, false, size));
}

/* The lines above the table, which the caller frees. */
static char *head_lines(const struct cmd_env *env, const struct view *view,
			const struct envelope *envelope)
{
	char kernel[4 * 64 + 1], collector[4 * 32 + 1], holders[4 * 32 + 1];
	_cleanup_free_ char *released = NULL;
	struct strbuf buf = {};

	if (released_line(view, envelope, false, &released))
		return NULL;
	locale_printable(envelope->kernel, kernel);
	locale_printable(envelope->collector, collector);
	say_totals(&buf, envelope);
	strbuf_printf(&buf, "; kernel %s, read by %s",
		      kernel[0] ? kernel : "unknown", collector);
	if (envelope->holders) {
		locale_printable(envelope->holders, holders);
		strbuf_printf(&buf, " and %s", holders);
	}
	if (released)
		strbuf_printf(&buf, "\n%s", released);
	if (env->options.input)
		say_when(&buf, view->snapshot);
	return strbuf_take(&buf);
}

/* The processes that have most, as lines or for JSON. */
enum { TOP = 5 };

static char *top_lines(const struct vec *processes)
{
	const struct process_row *row;
	char comm[256], rss[16], pss[16];
	struct strbuf buf = {};
	size_t i;

	if (!processes->n)
		return NULL;
	strbuf_puts(&buf, "Most by PSS:");
	for (i = 0; i < processes->n && i < TOP; i++) {
		row = processes_at(processes, i);
		human_bytes(row->usage.pss, pss);
		human_bytes(row->usage.rss, rss);
		locale_printable(dmabuf_process_comm(row->process) ?: "?",
				 comm);
		strbuf_printf(&buf,
			      "\n  %-16s %7" PRIu32 "  %s in %" PRIu64
			      " buffer%s, PSS %s",
			      comm, dmabuf_process_pid(row->process),
			      row->usage.lacks_sizes ? "not known" : rss,
			      row->usage.buffers,
			      row->usage.buffers == 1 ? "" : "s",
			      row->usage.lacks_sizes || row->usage.uncertain
				      ? "not known"
				      : pss);
	}
	return strbuf_take(&buf);
}

/* @data: a vec of processes. */
static void put_top(const void *data, struct json *json)
{
	const struct vec *processes = data;
	size_t i;

	json_key(json, "top_processes");
	json_begin_array(json);
	for (i = 0; i < processes->n && i < TOP; i++)
		columns_put_json(process_columns, COLUMN_TABLE, processes,
				 processes_at(processes, i), json);
	json_end_array(json);
}

static int show(struct cmd_env *env, const struct view *view,
		const struct vec *exporters, const struct vec *top)
{
	_cleanup_free_ char *above = NULL, *below = NULL;
	struct envelope envelope = { .command = "summary",
				     .array = "exporters",
				     .put_extra = put_top,
				     .data = top };
	const struct dmabuf_sums all = exporters_total(exporters);
	const struct rows rows = exporter_rows(exporters);

	view_envelope_of(view, &all, &envelope);
	envelope.above = above = head_lines(env, view, &envelope);
	envelope.below = below = top_lines(top);
	if (!above || (top->n && !below))
		return cmd_no_memory();
	return cmd_rows(env, &rows, &envelope);
}

/* Sums of all buffers are there already. */
static int list(const struct cmd_env *env, const struct view *view,
		struct vec *top)
{
	return view_is_filtered(env)
		       ? processes_list_view(view, PROCESSES_HOLDING, top)
		       : processes_list(view->snapshot, PROCESSES_HOLDING, top);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(vec_fini) struct vec exporters = VEC_OF(struct exporter);
	_cleanup_(vec_fini) struct vec top = VEC_OF(struct process_row);
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	int status;

	(void)argc;
	(void)argv;
	status = view_take(env, &view);
	if (status)
		return status;
	if (exporters_sum(&view, &exporters) || list(env, &view, &top))
		return cmd_no_memory();
	vec_sort(&top, processes_compare_pss);
	return show(env, &view, &exporters, &top);
}

const struct cmd cmd_summary = {
	.name = "summary",
	.summary = "how much there is, by exporter (the default)",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS |
		 CMD_FILTER,
	.array = "exporters",
	.columns = exporter_columns,
	.sort = "-size",
	.run = run,
};
