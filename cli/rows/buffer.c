// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "cli/rows/buffer.h"
#include "cli/rows/holder.h"
#include "ui/json.h"
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

/*
 * As many as fit beside the other columns; the number of the rest. @all: there
 * are no others.
 */
static char *holders_text(const struct dmabuf_snapshot *snapshot,
			  const struct dmabuf_buffer *buffer, uint64_t n,
			  bool all)
{
	/* The kernel gives 15 bytes of a name; ours may be of a file. */
	enum { SHOWN = 3, COMM_MOST = 15, ONE = COMM_MOST + NUMBER_TEXT + 2 };
	char number[NUMBER_TEXT], text[SHOWN * ONE + NUMBER_TEXT + 4];
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
	if (!all)
		end = stpcpy(end, ",?");
	*end = 0;
	return strdup(n ? text : "(kernel)");
}

static void get_holders(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;
	bool all = !dmabuf_buffer_processes(view->snapshot, cell->row,
					    &value->number);

	if (!all)
		value->number = view_count_holders(view, cell->row);
	if (all || value->number)
		value_take_text(value, holders_text(view->snapshot, cell->row,
						    value->number, all));
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
	LIST_COLUMN(HOLDERS, COLUMN_BOTH | NEEDS_HOLDERS, get_holders,
		    put_holders),
	COLUMN(ADDRESS, 0, get_address),
	{},
};

static const void *at(const void *of, size_t i)
{
	return view_buffer(of, i);
}

struct rows buffer_rows(const struct view *view)
{
	return (struct rows){
		.of = view,
		.n = view->buffers.n,
		.at = at,
	};
}
