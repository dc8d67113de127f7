// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf summary: how much there is, exporter by exporter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "cmd.h"
#include "number.h"
#include "vec.h"
#include "view.h"

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

struct exporter {
	const char *name; /* NULL when not known */
	uint64_t buffers, bytes, largest, attached;
	bool knows_attached;
};

static void get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct exporter *exporter = vec_at(rows->data, row);

	(void)lists;
	value->known = true;
	switch (field) {
	case FIELD_EXPORTER:
		value->known = exporter->name;
		value->text = exporter->name;
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
	default:
		value->known = false;
	}
}

static int compare_names(const void *left, const void *right)
{
	const struct exporter *a = left, *b = right;

	/* Not known is not the same as empty. */
	if (!a->name || !b->name)
		return !!a->name - !!b->name;
	return strcmp(a->name, b->name);
}

static void merge(struct exporter *to, const struct exporter *from)
{
	to->buffers += from->buffers;
	to->bytes = number_add(to->bytes, from->bytes);
	to->attached += from->attached;
	to->knows_attached &= from->knows_attached;
	if (to->largest < from->largest)
		to->largest = from->largest;
}

/* One for each buffer, then sorted, and equal neighbours made one. */
static int gather(const struct dmabuf_snapshot *snapshot, struct vec *exporters)
{
	const struct dmabuf_buffer *buffer = NULL;
	struct exporter one, *to, *from;
	uint64_t attachments;
	size_t i, n = 0;

	if (vec_reserve(exporters, dmabuf_snapshot_count(snapshot)))
		return -ENOMEM;
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		one = (struct exporter){
			.name = dmabuf_buffer_exporter(buffer),
			.buffers = 1,
		};
		if (!dmabuf_buffer_size(buffer, &one.bytes))
			one.largest = one.bytes;
		if (!dmabuf_buffer_attachments(buffer, &attachments)) {
			one.knows_attached = true;
			one.attached = attachments > 0;
		}
		if (vec_push(exporters, &one))
			return -ENOMEM;
	}

	vec_sort(exporters, compare_names);
	for (i = 0; i < exporters->n; i++) {
		from = vec_at(exporters, i);
		to = n ? vec_at(exporters, n - 1) : NULL;
		if (to && !compare_names(to, from))
			merge(to, from);
		else
			memmove(vec_at(exporters, n++), from, sizeof(*from));
	}
	exporters->n = n;
	return 0;
}

DEFINE_CLEANUP(vec, struct vec, vec_fini)

/* When a snapshot was taken is news only of one that was saved. */
static void saved_when(const struct dmabuf_snapshot *snapshot, char *text,
		       size_t size)
{
	time_t when = dmabuf_snapshot_time_ns(snapshot) / 1000000000;
	struct tm tm;

	text[0] = 0;
	if (gmtime_r(&when, &tm))
		strftime(text, size, "\nsaved on %Y-%m-%d at %H:%M:%S UTC",
			 &tm);
}

static void head_line(const struct cmd_env *env,
		      const struct dmabuf_snapshot *snapshot,
		      const struct envelope *envelope, char *line, size_t size)
{
	char bytes[16], kernel[4 * 64 + 1], collector[4 * 32 + 1];
	size_t n = dmabuf_snapshot_count(snapshot);
	char when[64] = "";

	field_human_bytes(envelope->totals[1].number, bytes, sizeof(bytes));
	out_printable(envelope->kernel, kernel);
	out_printable(envelope->collector, collector);
	if (env->options.input)
		saved_when(snapshot, when, sizeof(when));
	snprintf(line, size, "%zu dma-buf%s, %s; kernel %s, read by %s%s", n,
		 n == 1 ? "" : "s", bytes, kernel[0] ? kernel : "unknown",
		 collector, when);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct vec exporters = VEC_OF(struct exporter);
	_cleanup_(vec_cleanup) struct vec *owner = &exporters;
	struct envelope envelope = { .command = "summary",
				     .array = "exporters" };
	struct rows rows = { .data = &exporters, .get = get };
	char line[512];

	(void)argc;
	(void)argv;
	(void)owner;
	snapshot = cmd_snapshot(env);
	if (!snapshot)
		return STATUS_FAILED;
	if (gather(snapshot, &exporters))
		return cmd_no_memory();

	rows.n = exporters.n;
	view_envelope(snapshot, &envelope);
	head_line(env, snapshot, &envelope, line, sizeof(line));
	envelope.above = line;
	return cmd_show(env, &rows, &envelope);
}

static const enum field_id all[] = {
	FIELD_EXPORTER, FIELD_BUFFERS,	FIELD_SIZE,
	FIELD_LARGEST,	FIELD_ATTACHED, FIELD_END,
};

const struct cmd cmd_summary = {
	.name = "summary",
	.summary = "how much there is, by exporter (the default)",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT,
	.array = "exporters",
	.fields = all,
	.columns = all,
	.json_fields = all,
	.sort = "-size",
	.run = run,
};
