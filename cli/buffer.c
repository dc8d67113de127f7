// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "buffer.h"
#include "cleanup.h"

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

char *buffer_devices(const struct view *view,
		     const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_attachment *att = NULL;
	const char *device, *comma = "";
	uint64_t n;
	char *text = NULL;
	size_t size;
	FILE *file;

	if (dmabuf_buffer_attachments(buffer, &n))
		return NULL;
	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	while ((att = dmabuf_buffer_next_attachment(view->snapshot, buffer,
						    att))) {
		device = dmabuf_attachment_device(att);
		fprintf(file, "%s%s", comma, device ?: "?");
		comma = ", ";
	}
	fclose(file);
	return text;
}

static struct json_object *holder_json(const struct dmabuf_process *process,
				       const struct dmabuf_holder *holder)
{
	static const enum field_id columns[] = {
		FIELD_PID,  FIELD_COMM,	   FIELD_FDS,
		FIELD_MAPS, FIELD_HANDLES, FIELD_PSS,
	};
	const struct value values[] = {
		{ .known = true, .number = dmabuf_process_pid(process) },
		{ .known = dmabuf_process_comm(process),
		  .text = dmabuf_process_comm(process) },
		{ .known = true, .number = dmabuf_holder_fds(holder) },
		{ .known = true, .number = dmabuf_holder_maps(holder) },
		{ .known = true, .number = dmabuf_holder_handles(holder) },
		{ .known = true, .number = dmabuf_holder_pss(holder) },
	};

	return json_fields(columns, sizeof(columns) / sizeof(columns[0]),
			   values);
}

static struct json_object *holders_json(const struct dmabuf_snapshot *snapshot,
					const struct dmabuf_buffer *buffer)
{
	struct json_object *array = json_object_new_array();
	const struct dmabuf_holder *holder = NULL;

	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder)))
		json_object_array_add(
			array,
			holder_json(dmabuf_holder_process(snapshot, holder),
				    holder));
	return array;
}

/* As many as fit beside the other columns; the number of the rest. */
static char *holders_text(const struct dmabuf_snapshot *snapshot,
			  const struct dmabuf_buffer *buffer, uint64_t n)
{
	enum { SHOWN = 3 };
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	char *text = NULL;
	size_t size, i;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	for (i = 0; i < SHOWN && i < n; i++) {
		holder = dmabuf_buffer_next_holder(snapshot, buffer, holder);
		process = dmabuf_holder_process(snapshot, holder);
		fprintf(file, "%s%s:%" PRIu32, i ? "," : "",
			dmabuf_process_comm(process) ?: "?",
			dmabuf_process_pid(process));
	}
	if (n > SHOWN)
		fprintf(file, ",+%" PRIu64, n - SHOWN);
	if (!n)
		fputs("(kernel)", file);
	fclose(file);
	return text;
}

static void get_holders(const struct dmabuf_snapshot *snapshot,
			const struct dmabuf_buffer *buffer, bool lists,
			struct value *value)
{
	value->known =
		!dmabuf_buffer_processes(snapshot, buffer, &value->number);
	if (!value->known)
		return;
	if (lists)
		value->list = holders_json(snapshot, buffer);
	else
		value_take_text(value,
				holders_text(snapshot, buffer, value->number));
}

static void get_attachments(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, bool lists,
			    struct value *value)
{
	value->known = !dmabuf_buffer_attachments(buffer, &value->number);
	if (value->known && lists)
		value->list = attachments_json(snapshot, buffer);
}

static void get(const struct dmabuf_snapshot *snapshot,
		const struct dmabuf_buffer *buffer, enum field_id field,
		bool lists, struct value *value)
{
	bool flag = false;

	switch (field) {
	case FIELD_INO:
		value->known = !dmabuf_buffer_ino(buffer, &value->number);
		break;
	case FIELD_SIZE:
		value->known = !dmabuf_buffer_size(buffer, &value->number);
		break;
	case FIELD_EXPORTER:
		value_set_text(value, dmabuf_buffer_exporter(buffer));
		break;
	case FIELD_NAME:
		value_set_text(value, dmabuf_buffer_name(buffer));
		break;
	case FIELD_REFS:
		value->known = !dmabuf_buffer_refs(buffer, &value->number);
		break;
	case FIELD_ATTACHMENTS:
		get_attachments(snapshot, buffer, lists, value);
		break;
	case FIELD_ADDRESS:
		value->known = !dmabuf_buffer_address(buffer, &value->number);
		break;
	case FIELD_PROCESSES:
		value->known = !dmabuf_buffer_processes(snapshot, buffer,
							&value->number);
		break;
	case FIELD_KERNEL_ONLY:
		value->known =
			!dmabuf_buffer_kernel_only(snapshot, buffer, &flag);
		value->number = flag;
		break;
	case FIELD_EXPLAINED:
		value->known = !dmabuf_buffer_explained(snapshot, buffer,
							&value->number);
		break;
	case FIELD_UNEXPLAINED:
		value->known = !dmabuf_buffer_unexplained(snapshot, buffer,
							  &value->number);
		break;
	case FIELD_HOLDERS:
		get_holders(snapshot, buffer, lists, value);
		break;
	default:
		break;
	}
}

void buffer_get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value)
{
	const struct view *view = rows->data;

	get(view->snapshot, view_buffer(view, row), field, lists, value);
}

const enum field_id buffer_fields[] = {
	FIELD_INO,	 FIELD_SIZE,	    FIELD_EXPORTER,  FIELD_NAME,
	FIELD_REFS,	 FIELD_ATTACHMENTS, FIELD_PROCESSES, FIELD_KERNEL_ONLY,
	FIELD_EXPLAINED, FIELD_UNEXPLAINED, FIELD_HOLDERS,   FIELD_ADDRESS,
	FIELD_END,
};

const enum field_id buffer_columns[] = {
	FIELD_INO,  FIELD_SIZE,	       FIELD_EXPORTER, FIELD_NAME,
	FIELD_REFS, FIELD_ATTACHMENTS, FIELD_HOLDERS,  FIELD_END,
};

/* An address is shown to nobody who does not ask for it. */
const enum field_id buffer_json_fields[] = {
	FIELD_INO,	 FIELD_SIZE,	    FIELD_EXPORTER,  FIELD_NAME,
	FIELD_REFS,	 FIELD_ATTACHMENTS, FIELD_PROCESSES, FIELD_KERNEL_ONLY,
	FIELD_EXPLAINED, FIELD_UNEXPLAINED, FIELD_HOLDERS,   FIELD_END,
};

struct json_object *buffer_json(const struct view *view, size_t i)
{
	enum {
		COLUMNS = sizeof(buffer_json_fields) /
				  sizeof(buffer_json_fields[0]) -
			  1
	};
	struct value values[COLUMNS] = {};
	size_t c;

	for (c = 0; c < COLUMNS; c++)
		get(view->snapshot, view_buffer(view, i), buffer_json_fields[c],
		    true, &values[c]);
	return json_fields(buffer_json_fields, COLUMNS, values);
}
