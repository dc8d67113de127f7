// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "cli/rows/birth.h"
#include "cli/rows/buffer.h"
#include "cli/rows/holder.h"
#include "ui/json.h"
#include "ui/table.h"
#include "util/strbuf.h"
#include "util/u64.h"

int buffer_devices(const struct view *view, const struct dmabuf_buffer *buffer,
		   char **ret)
{
	const struct dmabuf_attachment *att = NULL;
	struct strbuf buf = {};
	uint64_t n;

	*ret = NULL;
	if (dmabuf_buffer_attachments(buffer, &n))
		return 0;
	while ((att = dmabuf_buffer_next_attachment(view->snapshot, buffer,
						    att))) {
		if (buf.n)
			strbuf_puts(&buf, ", ");
		strbuf_puts(&buf, dmabuf_attachment_device(att) ?: "?");
	}
	*ret = strbuf_take(&buf);
	return *ret ? 0 : -ENOMEM;
}

static void get_ino(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_buffer_ino(cell->row, &value->number);
}

static void get_size(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_buffer_size(cell->row, &value->number);
}

static void get_exporter(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_buffer_exporter(cell->row));
}

static void get_name(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_buffer_name(cell->row));
}

static void get_refs(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_buffer_refs(cell->row, &value->number);
}

static void get_attachments(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_buffer_attachments(cell->row, &value->number);
}

static void put_attachments(const struct cell *cell, struct json *json)
{
	const struct view *view = cell->of;
	const struct dmabuf_attachment *att = NULL;
	uint64_t n;

	if (dmabuf_buffer_attachments(cell->row, &n)) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	while ((att = dmabuf_buffer_next_attachment(view->snapshot, cell->row,
						    att))) {
		json_begin_object(json);
		json_member_text(json, "device", dmabuf_attachment_device(att));
		json_member_text(json, "driver", dmabuf_attachment_driver(att));
		json_end_object(json);
	}
	json_end_array(json);
}

static void get_released(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_buffer_released(cell->row));
}

static void get_address(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_buffer_address(cell->row, &value->number);
}

static void get_processes(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;

	value->known = !dmabuf_buffer_processes(view->snapshot, cell->row,
						&value->number);
}

static void get_kernel_only(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;
	bool flag = false;

	value->known =
		!dmabuf_buffer_kernel_only(view->snapshot, cell->row, &flag);
	value->number = flag;
}

static void get_explained(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;

	value->known = !dmabuf_buffer_explained(view->snapshot, cell->row,
						&value->number);
}

static void get_unexplained(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;

	value->known = !dmabuf_buffer_unexplained(view->snapshot, cell->row,
						  &value->number);
}

/* The kernel gives 15 bytes of a name; ours may be of a file. */
enum {
	HOLDERS_SHOWN = 3,
	COMM_MOST = 15,
	HOLDERS_TEXT = HOLDERS_SHOWN * (COMM_MOST + NUMBER_TEXT + 2) +
		       NUMBER_TEXT + 16,
};

/*
 * As many as fit beside the other columns; the number of the rest. @all: there
 * are no others. Return: @text.
 */
static const char *holders_text(const struct dmabuf_snapshot *snapshot,
				const struct dmabuf_buffer *buffer, uint64_t n,
				bool all, char text[HOLDERS_TEXT])
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	const char *comm;
	char *end = text;
	size_t i;

	if (dmabuf_buffer_released(buffer))
		end = stpcpy(end, "(released)");
	else if (!n)
		end = stpcpy(end, "(kernel)");
	if (end > text && n)
		*end++ = ' ';
	for (i = 0; i < HOLDERS_SHOWN && i < n; i++) {
		holder = dmabuf_buffer_next_holder(snapshot, buffer, holder);
		process = dmabuf_holder_process(snapshot, holder);
		if (i)
			*end++ = ',';
		comm = dmabuf_process_comm(process) ?: "?";
		end = mempcpy(end, comm, strnlen(comm, COMM_MOST));
		*end++ = ':';
		end = number_put(end, dmabuf_process_pid(process));
	}
	if (n > HOLDERS_SHOWN)
		end = number_put(stpcpy(end, ",+"), n - HOLDERS_SHOWN);
	if (!all)
		end = stpcpy(end, ",?");
	*end = 0;
	return text;
}

/* What a table shows of the holders. Return: it, or NULL when none is known. */
static const char *find_holders(const struct cell *cell,
				char text[HOLDERS_TEXT])
{
	const struct view *view = cell->of;
	uint64_t n;
	bool all = !dmabuf_buffer_processes(view->snapshot, cell->row, &n);

	if (!all)
		n = view_count_holders(view, cell->row);
	if (!all && !n)
		return NULL;
	return holders_text(view->snapshot, cell->row, n, all, text);
}

static void get_holders(const struct cell *cell, struct value *value)
{
	char text[HOLDERS_TEXT];
	const char *holders = find_holders(cell, text);

	if (holders)
		value_take_text(value, strdup(holders));
}

static void add_holders(const struct cell *cell, struct table *table)
{
	char text[HOLDERS_TEXT];

	table_text(table, find_holders(cell, text) ?: "-");
}

static void put_holders(const struct cell *cell, struct json *json)
{
	const struct view *view = cell->of;
	const struct dmabuf_holder *holder = NULL;
	const struct column *columns = holder_columns;
	uint64_t n;

	if (dmabuf_buffer_processes(view->snapshot, cell->row, &n)) {
		columns = found_holder_columns;
		n = view_count_holders(view, cell->row);
		if (!n) {
			json_null(json);
			return;
		}
	}
	json_begin_array(json);
	while ((holder = dmabuf_buffer_next_holder(view->snapshot, cell->row,
						   holder)))
		columns_put_json(columns, COLUMN_JSON, view->snapshot, holder,
				 json);
	json_end_array(json);
}

/* An address is shown to nobody who does not ask for it. */
const struct column buffer_columns[] = {
	COLUMN(INO, COLUMN_BOTH, get_ino),
	COLUMN(SIZE, COLUMN_BOTH, get_size),
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	COLUMN(NAME, COLUMN_BOTH, get_name),
	COLUMN(REFS, COLUMN_BOTH, get_refs),
	LIST_COLUMN(ATTACHMENTS, COLUMN_BOTH, get_attachments, put_attachments),
	COLUMN(PROCESSES, COLUMN_JSON | NEEDS_HOLDERS, get_processes),
	COLUMN(KERNEL_ONLY, COLUMN_JSON | NEEDS_HOLDERS, get_kernel_only),
	COLUMN(EXPLAINED, COLUMN_JSON | NEEDS_HOLDERS, get_explained),
	COLUMN(UNEXPLAINED, COLUMN_JSON | NEEDS_HOLDERS, get_unexplained),
	NAMES_COLUMN(HOLDERS, COLUMN_BOTH | NEEDS_HOLDERS, get_holders,
		     put_holders, add_holders),
	COLUMN(RELEASED, COLUMN_JSON | NEEDS_HOLDERS, get_released),
	BIRTH_COLUMNS,
	COLUMN(ADDRESS, 0, get_address),
	{},
};

static const void *at(const void *of, size_t i)
{
	return view_any(of, i);
}

struct rows buffer_rows(const struct view *view)
{
	return (struct rows){
		.of = view,
		.n = view_count_all(view),
		.at = at,
	};
}
