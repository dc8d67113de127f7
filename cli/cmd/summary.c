// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf summary: how much there is, exporter by exporter, and who has most. */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/rows/exporters.h"
#include "cli/rows/processes.h"
#include "ui/utf8.h"
#include "util/cleanup.h"

static void get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct exporter *exporter = vec_at(rows->data, row);

	(void)lists;
	value->known = true;
	switch (field) {
	case FIELD_EXPORTER:
		value_set_text(value, exporter->name);
		break;
	case FIELD_BUFFERS:
		value->number = exporter->buffers;
		break;
	case FIELD_SIZE:
		value->number = exporter->bytes;
		break;
	case FIELD_LARGEST:
		value->number = exporter->largest;
		break;
	case FIELD_ATTACHED:
		value->known = exporter->knows_attached;
		value->number = exporter->attached;
		break;
	case FIELD_KERNEL_ONLY_BYTES:
		value->known = exporter->knows_kernel_only;
		value->number = exporter->kernel_only;
		break;
	default:
		value->known = false;
	}
}

DEFINE_CLEANUP(vec, struct vec, vec_fini)
DEFINE_CLEANUP(json, struct json_object, json_object_put)

/* When a snapshot was taken is news only of one that was saved. */
static void say_when(FILE *file, const struct dmabuf_snapshot *snapshot)
{
	time_t when = dmabuf_snapshot_time_ns(snapshot) / 1000000000;
	char text[64];
	struct tm tm;

	if (gmtime_r(&when, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d at %H:%M:%S UTC", &tm))
		fprintf(file, "\nsaved on %s", text);
}

/* The lines above the table, which the caller frees. */
static char *head_lines(const struct cmd_env *env, const struct view *view,
			const struct envelope *envelope)
{
	const struct total *total = envelope->totals;
	char kernel[4 * 64 + 1], collector[4 * 32 + 1], holders[4 * 32 + 1];
	char bytes[16], only[16], *text = NULL;
	size_t size;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	field_human_bytes(total[TOTAL_BYTES].number, bytes, sizeof(bytes));
	field_human_bytes(total[TOTAL_KERNEL_ONLY].number, only, sizeof(only));
	locale_printable(envelope->kernel, kernel);
	locale_printable(envelope->collector, collector);
	fprintf(file, "%zu dma-buf%s, %s", view->buffers.n,
		view->buffers.n == 1 ? "" : "s", bytes);
	if (total[TOTAL_KERNEL_ONLY].known)
		fprintf(file, ", of which %s are held by no process", only);
	fprintf(file, "; kernel %s, read by %s", kernel[0] ? kernel : "unknown",
		collector);
	if (envelope->holders) {
		locale_printable(envelope->holders, holders);
		fprintf(file, " and %s", holders);
	}
	if (env->options.input)
		say_when(file, view->snapshot);
	fclose(file);
	return text;
}

/* The processes that have most, as lines or for JSON. */
enum { TOP = 5 };

static char *top_lines(const struct vec *processes)
{
	const struct dmabuf_process *process;
	struct dmabuf_usage usage = { .size = sizeof(usage) };
	char comm[256], rss[16], pss[16], *text = NULL;
	size_t size, i;
	FILE *file;

	if (!processes->n)
		return NULL;
	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fputs("Most by PSS:", file);
	for (i = 0; i < processes->n && i < TOP; i++) {
		process = processes_at(processes, i);
		(void)dmabuf_process_usage(process, &usage);
		field_human_bytes(usage.pss, pss, sizeof(pss));
		field_human_bytes(usage.rss, rss, sizeof(rss));
		locale_printable(dmabuf_process_comm(process) ?: "?", comm);
		fprintf(file,
			"\n  %-16s %7" PRIu32 "  %s in %" PRIu64
			" buffer%s, PSS %s",
			comm, dmabuf_process_pid(process), rss, usage.buffers,
			usage.buffers == 1 ? "" : "s", pss);
	}
	fclose(file);
	return text;
}

static struct json_object *top_json(const struct vec *processes)
{
	struct json_object *extra = json_object_new_object();
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < processes->n && i < TOP; i++)
		json_object_array_add(array, processes_json(processes, i));
	json_object_object_add(extra, "top_processes", array);
	return extra;
}

static int show(struct cmd_env *env, const struct view *view,
		const struct vec *exporters, const struct vec *top)
{
	_cleanup_(json_cleanup) struct json_object *extra = NULL;
	_cleanup_free_ char *above = NULL, *below = NULL;
	struct envelope envelope = { .command = "summary",
				     .array = "exporters" };
	struct rows rows = { .n = exporters->n, .data = exporters, .get = get };

	view_envelope(view, &envelope);
	envelope.above = above = head_lines(env, view, &envelope);
	envelope.below = below = top_lines(top);
	if (env->options.json)
		envelope.extra = extra = top_json(top);
	return cmd_rows(env, &rows, &envelope);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	struct vec exporters = VEC_OF(struct exporter);
	struct vec top = VEC_OF(const struct dmabuf_process *);
	_cleanup_(vec_cleanup) struct vec *owner = &exporters, *other = &top;
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	int status;

	(void)argc;
	(void)argv;
	(void)owner;
	(void)other;
	status = view_take(env, &view);
	if (status)
		return status;
	if (exporters_sum(&view, &exporters) ||
	    processes_list(view.snapshot, &top))
		return cmd_no_memory();
	vec_sort(&top, processes_compare_pss);
	return show(env, &view, &exporters, &top);
}

static const enum field_id all[] = {
	FIELD_EXPORTER, FIELD_BUFFERS,		 FIELD_SIZE, FIELD_LARGEST,
	FIELD_ATTACHED, FIELD_KERNEL_ONLY_BYTES, FIELD_END,
};

const struct cmd cmd_summary = {
	.name = "summary",
	.summary = "how much there is, by exporter (the default)",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_HOLDERS,
	.array = "exporters",
	.fields = all,
	.columns = all,
	.json_fields = all,
	.sort = "-size",
	.run = run,
};
