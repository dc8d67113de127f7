// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf show: one buffer, and every reference to it. */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/operand.h"
#include "cli/rows/buffer.h"
#include "cli/rows/verdict.h"
#include "ui/utf8.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(vec, struct vec, vec_fini)
DEFINE_CLEANUP(json, struct json_object, json_object_put)

struct refs {
	const struct dmabuf_snapshot *snapshot;
	struct vec all; /* const struct dmabuf_ref * */
};

static const struct dmabuf_ref *ref_at(const struct refs *refs, size_t row)
{
	return *(const struct dmabuf_ref **)vec_at(&refs->all, row);
}

static void get_comm(const struct refs *refs, uint32_t pid, struct value *value)
{
	const struct dmabuf_process *process =
		dmabuf_snapshot_find_process(refs->snapshot, pid);

	if (process)
		value_set_text(value, dmabuf_process_comm(process));
}

/* What only a mapping has. */
static void get_of_map(const struct dmabuf_ref *ref, enum field_id field,
		       struct value *value)
{
	if (dmabuf_ref_type(ref) != DMABUF_REF_MAP)
		return;
	value->known = true;
	switch (field) {
	case FIELD_START:
		value->number = dmabuf_ref_place(ref);
		break;
	case FIELD_LENGTH:
		value->number = dmabuf_ref_bytes(ref);
		break;
	default:
		value->number = dmabuf_ref_offset(ref);
		value->known = value->number != UINT64_MAX;
	}
}

static void get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct refs *refs = rows->data;
	const struct dmabuf_ref *ref = ref_at(refs, row);
	const uint32_t pid = dmabuf_ref_pid(ref);

	(void)lists;
	switch (field) {
	case FIELD_TYPE:
		value_set_text(value,
			       dmabuf_ref_type_name(dmabuf_ref_type(ref)));
		break;
	case FIELD_PID:
		value->known = pid;
		value->number = pid;
		break;
	case FIELD_TID:
		value->number = dmabuf_ref_tid(ref);
		value->known = value->number && value->number != pid;
		break;
	case FIELD_COMM:
		get_comm(refs, pid, value);
		break;
	case FIELD_PLACE:
		value->known = dmabuf_ref_type(ref) != DMABUF_REF_MAP;
		value->number = dmabuf_ref_place(ref);
		break;
	case FIELD_REFS:
		value->known = true;
		value->number = dmabuf_ref_count(ref);
		break;
	case FIELD_START:
	case FIELD_LENGTH:
	case FIELD_OFFSET:
		get_of_map(ref, field, value);
		break;
	default:
		break;
	}
}

/* Leaves the buffer with this number; v5.10 may have several. */
static int pick(struct view *view, uint64_t ino, size_t *n)
{
	const struct dmabuf_buffer *buffer;
	uint64_t number;
	size_t i;

	*n = 0;
	for (i = 0; i < view->buffers.n; i++) {
		buffer = view_buffer(view, i);
		if (dmabuf_buffer_ino(buffer, &number) || number != ino)
			continue;
		if (!(*n)++)
			memcpy(vec_at(&view->buffers, 0), &buffer,
			       sizeof(buffer));
	}
	view->buffers.n = !!*n;
	return *n ? 0 : -ENOENT;
}

static void say_text(FILE *file, const char *label, const char *text)
{
	char safe[256];

	if (!text)
		return;
	locale_printable(text, safe);
	fprintf(file, "%s%s", label, safe);
}

static void say_ledger(FILE *file, const struct view *view,
		       const struct dmabuf_buffer *buffer)
{
	uint64_t refs, explained, unexplained;

	if (dmabuf_buffer_refs(buffer, &refs))
		fputs("references unknown", file);
	else
		fprintf(file, "%" PRIu64 " reference%s", refs,
			refs == 1 ? "" : "s");
	if (!dmabuf_buffer_explained(view->snapshot, buffer, &explained))
		fprintf(file, ", %" PRIu64 " explained", explained);
	if (!dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained))
		fprintf(file, ", %" PRIu64 " unexplained", unexplained);
}

/* The lines above the table, which the caller frees. */
static char *head_lines(const struct view *view, size_t n)
{
	_cleanup_free_ char *verdict = NULL, *safe = NULL;
	const struct dmabuf_buffer *buffer = view_buffer(view, 0);
	char bytes[16] = "size unknown", *text = NULL;
	const char *name = dmabuf_buffer_name(buffer);
	uint64_t ino = 0, size;
	size_t length;
	bool certain;
	FILE *file;

	file = open_memstream(&text, &length);
	if (!file)
		return NULL;
	(void)dmabuf_buffer_ino(buffer, &ino);
	if (!dmabuf_buffer_size(buffer, &size))
		field_human_bytes(size, bytes, sizeof(bytes));
	fprintf(file, "buffer %" PRIu64 ", %s", ino, bytes);
	say_text(file, " of ", dmabuf_buffer_exporter(buffer));
	if (name && name[0])
		say_text(file, ", named ", name);
	if (n > 1)
		fprintf(file, " (the first of %zu with this number)", n);
	fputs("\n", file);
	say_ledger(file, view, buffer);
	verdict = verdict_make(view, buffer, &certain);
	safe = verdict ? malloc(4 * strlen(verdict) + 1) : NULL;
	if (safe) {
		locale_printable(verdict, safe);
		fprintf(file, "\n%s", safe);
	}
	fclose(file);
	return text;
}

static struct json_object *head_json(const struct view *view)
{
	_cleanup_free_ char *verdict = NULL;
	struct json_object *extra = json_object_new_object();
	bool certain = false;

	verdict = verdict_make(view, view_buffer(view, 0), &certain);
	json_object_object_add(extra, "buffer", buffer_json(view, 0));
	json_object_object_add(extra, "verdict", json_text(verdict));
	json_object_object_add(extra, "certain",
			       json_object_new_boolean(certain));
	return extra;
}

static int list_refs(const struct view *view, struct vec *refs)
{
	const struct dmabuf_ref *ref = NULL;

	while ((ref = dmabuf_buffer_next_ref(view->snapshot,
					     view_buffer(view, 0), ref)))
		if (vec_push(refs, &ref))
			return -ENOMEM;
	return 0;
}

static int show(struct cmd_env *env, const struct view *view, size_t n)
{
	_cleanup_(json_cleanup) struct json_object *extra = NULL;
	_cleanup_free_ char *above = NULL;
	struct refs refs = { view->snapshot,
			     VEC_OF(const struct dmabuf_ref *) };
	_cleanup_(vec_cleanup) struct vec *owner = &refs.all;
	struct envelope envelope = { .command = "show", .array = "holders" };
	struct rows rows = { .data = &refs, .get = get };

	(void)owner;
	if (list_refs(view, &refs.all))
		return cmd_no_memory();
	rows.n = refs.all.n;
	view_envelope(view, &envelope);
	if (env->options.json)
		envelope.extra = extra = head_json(view);
	else
		envelope.above = above = head_lines(view, n);
	return cmd_rows(env, &rows, &envelope);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	uint64_t ino;
	char name[32];
	size_t n;
	int status;

	if (argc != 1)
		return cmd_usage(env, argc ? "'show' takes one buffer"
					   : "'show' needs an inode number; "
					     "'dmabuf list' has them");
	status = operand_number(env, "inode number", argv[0], UINT64_MAX, &ino);
	if (!status)
		status = view_take(env, &view);
	if (status)
		return status;
	if (pick(&view, ino, &n)) {
		snprintf(name, sizeof(name), "buffer %" PRIu64, ino);
		cmd_failed_at(name, "no dma-buf has this inode number",
			      "'dmabuf list' has them all");
		out_gaps(&(struct envelope){ .snapshot = view.snapshot });
		return STATUS_FAILED;
	}
	return show(env, &view, n);
}

static const enum field_id all[] = {
	FIELD_TYPE,  FIELD_PID,	   FIELD_COMM,	 FIELD_TID,  FIELD_PLACE,
	FIELD_START, FIELD_LENGTH, FIELD_OFFSET, FIELD_REFS, FIELD_END,
};

static const enum field_id columns[] = {
	FIELD_TYPE,  FIELD_PID,	   FIELD_COMM, FIELD_TID, FIELD_PLACE,
	FIELD_START, FIELD_LENGTH, FIELD_REFS, FIELD_END,
};

const struct cmd cmd_show = {
	.name = "show",
	.args = "INO",
	.summary = "one buffer, and what every reference to it is",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_HOLDERS,
	.array = "holders",
	.fields = all,
	.columns = columns,
	.json_fields = all,
	.run = run,
};
