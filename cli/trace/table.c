// SPDX-License-Identifier: GPL-2.0-or-later
/* Events for people: lines below each other, and what is lost between them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/rows/stack.h"
#include "cli/trace/format.h"
#include "ui/table.h"
#include "ui/value.h"
#include "util/cleanup.h"

/* So many lines are lined up at a time, and the widest one widens the next. */
enum { LINES = 256 };

struct writer {
	FILE *file;
	const struct rows_view *view;
	struct table table;
};

/* Most events are as wide, so that lines stay below each other. */
static size_t least_width(enum value_type type)
{
	switch (type) {
	case VALUE_WORD:
		return sizeof("detached") - 1;
	case VALUE_TEXT:
		return sizeof("system-uncached") - 1;
	default:
		return sizeof("1234") - 1;
	}
}

static void free_writer(void *data)
{
	struct writer *w = data;

	table_fini(&w->table);
	free(w);
}

static void add_columns(struct writer *w)
{
	const struct rows_view *view = w->view;
	struct table_column *column = NULL;
	size_t i;

	for (i = 0; i < view->n; i++)
		table_column(&w->table,
			     value_table_flags(view->columns[i]->field->type));
	for (i = 0; (column = vec_next(&w->table.columns, column)); i++)
		column->width = least_width(view->columns[i]->field->type);
}

static void *begin(FILE *file, const struct trace_setup *setup)
{
	static const struct table none = TABLE_NONE;
	struct writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->file = file;
	w->view = setup->view;
	w->table = none;
	table_begin(&w->table, file, w->view->headings);
	add_columns(w);
	rows_add_headings(w->view, &w->table);
	return w;
}

static int flush(void *data)
{
	struct writer *w = data;
	int r;

	if (w->table.rows <= w->table.headings)
		return w->table.err;
	r = table_fit(&w->table) ?: table_print(&w->table);
	table_next(&w->table);
	return r;
}

static int put_lost(struct writer *w, const struct dmabuf_event *event)
{
	int r = flush(w);

	fprintf(w->file, "-- " TRACE_LOST ": %s --\n",
		TRACE_LOST_OF(event->lost), event->cause);
	return r;
}

/* The calls that led to the event in the line above. */
static int put_stack(struct writer *w, const struct dmabuf_event *event)
{
	_cleanup_(strbuf_fini) struct strbuf buf = {};
	_cleanup_free_ char *lines = NULL;
	int r = flush(w);

	stack_say_event(&buf, event);
	lines = strbuf_take(&buf);
	if (!lines)
		return -ENOMEM;
	fputs(lines, w->file);
	return r;
}

static int put(void *data, const struct dmabuf_event *event)
{
	struct cell cell = { .row = event };
	struct writer *w = data;

	if (event->kind == DMABUF_EVENT_LOST)
		return put_lost(w, event);
	rows_add_row(&cell, w->view, &w->table);
	if (event->stack)
		return put_stack(w, event);
	return w->table.rows < LINES ? w->table.err : flush(w);
}

static int end(void *data, uint64_t time_ns)
{
	(void)time_ns;
	return flush(data);
}

const struct trace_format trace_format_table = {
	.name = "table",
	.columns = COLUMN_TABLE,
	.begin = begin,
	.put = put,
	.flush = flush,
	.end = end,
	.free = free_writer,
};
