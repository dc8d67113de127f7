// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf list: every buffer, a row each. */
#include <json-c/json.h>
#include <stdlib.h>

#include "cleanup.h"
#include "cmd.h"
#include "view.h"

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

struct list {
	const struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer **buffers;
};

static void set_text(struct value *value, const char *text)
{
	value->known = text;
	value->text = text;
}

static struct json_object *attachments_json(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer)
{
	struct json_object *array = json_object_new_array(), *object;
	const struct dmabuf_attachment *att = NULL;

	while ((att = dmabuf_buffer_next_attachment(snapshot, buffer, att))) {
		object = json_object_new_object();
		json_object_object_add(
			object, "device",
			json_text(dmabuf_attachment_device(att)));
		json_object_object_add(
			object, "driver",
			json_text(dmabuf_attachment_driver(att)));
		json_object_array_add(array, object);
	}
	return array;
}

static void get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct list *list = rows->data;
	const struct dmabuf_buffer *buffer = list->buffers[row];

	switch (field) {
	case FIELD_INO:
		value->known = !dmabuf_buffer_ino(buffer, &value->number);
		break;
	case FIELD_SIZE:
		value->known = !dmabuf_buffer_size(buffer, &value->number);
		break;
	case FIELD_REFS:
		value->known = !dmabuf_buffer_refs(buffer, &value->number);
		break;
	case FIELD_ADDRESS:
		value->known = !dmabuf_buffer_address(buffer, &value->number);
		break;
	case FIELD_ATTACHMENTS:
		value->known =
			!dmabuf_buffer_attachments(buffer, &value->number);
		if (value->known && lists)
			value->list = attachments_json(list->snapshot, buffer);
		break;
	case FIELD_NAME:
		set_text(value, dmabuf_buffer_name(buffer));
		break;
	case FIELD_EXPORTER:
		set_text(value, dmabuf_buffer_exporter(buffer));
		break;
	default:
		break;
	}
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	_cleanup_free_ const struct dmabuf_buffer **buffers = NULL;
	const struct dmabuf_buffer *buffer = NULL;
	struct envelope envelope = { .command = "list", .array = "buffers" };
	struct list list;
	struct rows rows = { .data = &list, .get = get };

	(void)argc;
	(void)argv;
	snapshot = cmd_snapshot(env);
	if (!snapshot)
		return STATUS_FAILED;
	buffers = reallocarray(NULL, dmabuf_snapshot_count(snapshot) + 1,
			       sizeof(*buffers));
	if (!buffers)
		return cmd_no_memory();
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		buffers[rows.n++] = buffer;

	list = (struct list){ snapshot, buffers };
	view_envelope(snapshot, &envelope);
	if (!rows.n)
		envelope.above = "no dma-bufs";
	return cmd_show(env, &rows, &envelope);
}

static const enum field_id all[] = {
	FIELD_INO,  FIELD_SIZE,	       FIELD_EXPORTER, FIELD_NAME,
	FIELD_REFS, FIELD_ATTACHMENTS, FIELD_ADDRESS,  FIELD_END,
};

/* An address is shown to nobody who does not ask for it. */
static const enum field_id unasked[] = {
	FIELD_INO,  FIELD_SIZE,	       FIELD_EXPORTER, FIELD_NAME,
	FIELD_REFS, FIELD_ATTACHMENTS, FIELD_END,
};

const struct cmd cmd_list = {
	.name = "list",
	.summary = "every buffer, largest first",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT,
	.array = "buffers",
	.fields = all,
	.columns = unasked,
	.json_fields = unasked,
	.sort = "-size",
	.run = run,
};
