// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf leaks: what no process holds, and what nothing accounts for. */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rows/buffer.h"
#include "cli/rows/verdict.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Buffers that are alike in all that is shown of them but the number. */
struct leak {
	const struct dmabuf_buffer *buffer; /* the first of them */
	char *devices; /* NULL when not known */
	char *verdict;
	bool certain;
	uint64_t size, buffers, bytes, unexplained;
	size_t first; /* index of its first in struct leaks::inos */
};

struct leaks {
	const struct view *view;
	struct vec all; /* struct leak */
	struct vec inos; /* uint64_t, those of a leak side by side */
};

static void leaks_fini(struct leaks *leaks)
{
	struct leak *leak = NULL;

	while ((leak = vec_next(&leaks->all, leak))) {
		free(leak->devices);
		free(leak->verdict);
	}
	vec_fini(&leaks->all);
	vec_fini(&leaks->inos);
}

static bool is_leak(const struct view *view, const struct dmabuf_buffer *buffer)
{
	uint64_t unexplained = 0;
	bool kernel_only = false;

	(void)dmabuf_buffer_kernel_only(view->snapshot, buffer, &kernel_only);
	(void)dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained);
	return kernel_only || unexplained;
}

static int compare_texts(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !!a - !!b;
}

static int compare_kinds(const struct leak *a, const struct leak *b)
{
	return u64_compare(a->size, b->size)
		       ?: compare_texts(dmabuf_buffer_exporter(a->buffer),
					dmabuf_buffer_exporter(b->buffer))
		       ?: compare_texts(dmabuf_buffer_name(a->buffer),
					dmabuf_buffer_name(b->buffer))
		       ?: compare_texts(a->devices, b->devices)
		       ?: strcmp(a->verdict, b->verdict);
}

/* Of one kind, by number: the order of the snapshot. */
static int compare_leaks(const void *left, const void *right)
{
	const struct leak *a = left, *b = right;

	return compare_kinds(a, b)
		       ?: u64_compare((uintptr_t)a->buffer,
				      (uintptr_t)b->buffer);
}

static int add(struct leaks *leaks, const struct dmabuf_buffer *buffer)
{
	struct leak leak = { .buffer = buffer, .buffers = 1 };
	const struct view *view = leaks->view;

	leak.verdict = verdict_make(view, buffer, &leak.certain);
	leak.devices = buffer_devices(view, buffer);
	(void)dmabuf_buffer_size(buffer, &leak.size);
	leak.bytes = leak.size;
	(void)dmabuf_buffer_unexplained(view->snapshot, buffer,
					&leak.unexplained);
	if (leak.verdict && !vec_push(&leaks->all, &leak))
		return 0;
	free(leak.verdict);
	free(leak.devices);
	return -ENOMEM;
}

static void merge(struct leak *to, struct leak *from)
{
	to->buffers++;
	to->bytes = u64_sat_add(to->bytes, from->bytes);
	to->unexplained = u64_sat_add(to->unexplained, from->unexplained);
	free(from->devices);
	free(from->verdict);
}

static int group(struct leaks *leaks)
{
	struct leak *from, *to;
	uint64_t ino;
	size_t i, n = 0;
	int r = 0;

	vec_sort(&leaks->all, compare_leaks);
	for (i = 0; i < leaks->all.n; i++) {
		from = vec_at(&leaks->all, i);
		to = n ? vec_at(&leaks->all, n - 1) : NULL;
		ino = 0;
		(void)dmabuf_buffer_ino(from->buffer, &ino);
		from->first = leaks->inos.n;
		r = r ?: vec_push(&leaks->inos, &ino);
		if (to && !compare_kinds(to, from))
			merge(to, from);
		else
			memmove(vec_at(&leaks->all, n++), from, sizeof(*from));
	}
	leaks->all.n = n;
	return r;
}

static int gather(struct leaks *leaks)
{
	const struct dmabuf_buffer *buffer;
	size_t i;

	for (i = 0; i < leaks->view->buffers.n; i++) {
		buffer = view_buffer(leaks->view, i);
		if (is_leak(leaks->view, buffer) && add(leaks, buffer))
			return -ENOMEM;
	}
	return group(leaks);
}

static void get_inos(const struct leaks *leaks, const struct leak *leak,
		     bool lists, struct value *value)
{
	enum { SHOWN = 3 };
	const uint64_t *inos = vec_at(&leaks->inos, leak->first);
	char text[SHOWN * 24 + 8];
	size_t i, n = 0;

	if (lists) {
		value->known = true;
		value->list = json_object_new_array();
		for (i = 0; i < leak->buffers; i++)
			json_object_array_add(value->list,
					      json_object_new_uint64(inos[i]));
		return;
	}
	for (i = 0; i < leak->buffers && i < SHOWN; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%" PRIu64,
			      i ? "," : "", inos[i]);
	if (leak->buffers > SHOWN)
		snprintf(text + n, sizeof(text) - n, ",...");
	value->number = inos[0];
	value_take_text(value, strdup(text));
}

static void get_devices(const struct leaks *leaks, const struct leak *leak,
			bool lists, struct value *value)
{
	const struct dmabuf_attachment *att = NULL;

	value_set_text(value, leak->devices);
	if (!lists || !leak->devices)
		return;
	value->list = json_object_new_array();
	while ((att = dmabuf_buffer_next_attachment(leaks->view->snapshot,
						    leak->buffer, att)))
		json_object_array_add(value->list,
				      json_text(dmabuf_attachment_device(att)));
}

static void get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct leaks *leaks = rows->data;
	const struct leak *leak = vec_at(&leaks->all, row);
	const struct dmabuf_snapshot *snapshot = leaks->view->snapshot;
	bool flag = false;

	value->known = true;
	switch (field) {
	case FIELD_BYTES:
		value->number = leak->bytes;
		break;
	case FIELD_BUFFERS:
		value->number = leak->buffers;
		break;
	case FIELD_SIZE:
		value->known =
			!dmabuf_buffer_size(leak->buffer, &value->number);
		break;
	case FIELD_EXPORTER:
		value_set_text(value, dmabuf_buffer_exporter(leak->buffer));
		break;
	case FIELD_NAME:
		value_set_text(value, dmabuf_buffer_name(leak->buffer));
		break;
	case FIELD_KERNEL_ONLY:
		value->known = !dmabuf_buffer_kernel_only(snapshot,
							  leak->buffer, &flag);
		value->number = flag;
		break;
	case FIELD_UNEXPLAINED:
		value->number = leak->unexplained;
		value->known = !dmabuf_buffer_unexplained(
			snapshot, leak->buffer, &(uint64_t){ 0 });
		break;
	case FIELD_CERTAIN:
		value->number = leak->certain;
		break;
	case FIELD_VERDICT:
		value_set_text(value, leak->verdict);
		break;
	case FIELD_DEVICES:
		get_devices(leaks, leak, lists, value);
		break;
	case FIELD_INOS:
		get_inos(leaks, leak, lists, value);
		break;
	default:
		value->known = false;
	}
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	_cleanup_(leaks_fini) struct leaks leaks = { &view, VEC_OF(struct leak),
						     VEC_OF(uint64_t) };
	struct envelope envelope = { .command = "leaks", .array = "leaks" };
	struct rows rows = { .data = &leaks, .get = get };
	int status;

	(void)argc;
	(void)argv;
	status = view_take_held(env, &view);
	if (status)
		return status;
	if (gather(&leaks))
		return cmd_no_memory();
	rows.n = leaks.all.n;
	view_envelope(&view, &envelope);
	if (!rows.n && !view_is_whole(&view))
		envelope.above = "no leak is seen";
	else if (!rows.n && envelope.totals[TOTAL_UNEXPLAINED].known)
		envelope.above = env->options.exporter || env->options.name
					 ? "of those asked for, every dma-buf "
					   "is held by a process, and every "
					   "reference is accounted for"
					 : "every dma-buf is held by a "
					   "process, and every reference is "
					   "accounted for";
	return cmd_rows(env, &rows, &envelope);
}

static const enum field_id all[] = {
	FIELD_BYTES,	   FIELD_BUFFERS, FIELD_SIZE,	 FIELD_EXPORTER,
	FIELD_NAME,	   FIELD_DEVICES, FIELD_INOS,	 FIELD_KERNEL_ONLY,
	FIELD_UNEXPLAINED, FIELD_CERTAIN, FIELD_VERDICT, FIELD_END,
};

static const enum field_id columns[] = {
	FIELD_BYTES, FIELD_BUFFERS, FIELD_EXPORTER, FIELD_NAME,
	FIELD_INOS,  FIELD_CERTAIN, FIELD_VERDICT,  FIELD_END,
};

const struct cmd cmd_leaks = {
	.name = "leaks",
	.summary = "what no process holds, or nothing accounts for",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_HOLDERS | CMD_FILTER,
	.array = "leaks",
	.fields = all,
	.columns = columns,
	.json_fields = all,
	.sort = "-bytes",
	.run = run,
};
