// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/rows/buffer.h"
#include "util/u64.h"

static void give_attachments(const struct dmabuf_snapshot *snapshot,
			     const struct dmabuf_buffer *buffer,
			     struct value *value)
{
	const struct dmabuf_attachment *att = NULL;
	struct json json = JSON_NONE;

	json_begin_list(&json);
	while ((att = dmabuf_buffer_next_attachment(snapshot, buffer, att))) {
		json_next_of_list(&json);
		json_put(&json, "{\"device\":", 10);
		json_put_text(&json, dmabuf_attachment_device(att));
		json_put(&json, ",\"driver\":", 10);
		json_put_text(&json, dmabuf_attachment_driver(att));
		json_put(&json, "}", 1);
	}
	json_end_list(&json);
	json_give(&json, value);
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

static void put_holder(struct json *json, const struct dmabuf_process *process,
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

	json_put_fields(json, columns, sizeof(columns) / sizeof(columns[0]),
			values);
}

static void give_holders(const struct dmabuf_snapshot *snapshot,
			 const struct dmabuf_buffer *buffer,
			 struct value *value)
{
	const struct dmabuf_holder *holder = NULL;
	struct json json = JSON_NONE;

	json_begin_list(&json);
	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder))) {
		json_next_of_list(&json);
		put_holder(&json, dmabuf_holder_process(snapshot, holder),
			   holder);
	}
	json_end_list(&json);
	json_give(&json, value);
}

/* As many as fit beside the other columns; the number of the rest. */
static char *holders_text(const struct dmabuf_snapshot *snapshot,
			  const struct dmabuf_buffer *buffer, uint64_t n)
{
	/* The kernel gives 15 bytes of a name; ours may be of a file. */
	enum { SHOWN = 3, COMM_MOST = 15, ONE = COMM_MOST + NUMBER_TEXT + 2 };
	char number[NUMBER_TEXT], text[SHOWN * ONE + NUMBER_TEXT + 2];
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	char *end = text;
	size_t i;

	for (i = 0; i < SHOWN && i < n; i++) {
		holder = dmabuf_buffer_next_holder(snapshot, buffer, holder);
		process = dmabuf_holder_process(snapshot, holder);
		if (i)
			*end++ = ',';
		end = stpncpy(end, dmabuf_process_comm(process) ?: "?",
			      COMM_MOST);
		*end++ = ':';
		end = stpcpy(end,
			     number_text(dmabuf_process_pid(process), number));
	}
	if (n > SHOWN)
		end = stpcpy(stpcpy(end, ",+"), number_text(n - SHOWN, number));
	*end = 0;
	return strdup(n ? text : "(kernel)");
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
		give_holders(snapshot, buffer, value);
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
		give_attachments(snapshot, buffer, value);
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
	struct json_object *object;
	size_t c;

	for (c = 0; c < COLUMNS; c++)
		get(view->snapshot, view_buffer(view, i), buffer_json_fields[c],
		    true, &values[c]);
	object = json_fields(buffer_json_fields, COLUMNS, values);
	for (c = 0; c < COLUMNS; c++)
		value_fini(&values[c]);
	return object;
}
