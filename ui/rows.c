// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ui/json.h"
#include "ui/rows.h"
#include "ui/table.h"
#include "util/cleanup.h"

/* The cells of a row; their column is set later. */
static struct cell cell_at(const struct rows *rows, size_t i)
{
	return (struct cell){
		.of = rows->of,
		.row = rows->at ? rows->at(rows->of, i) : NULL,
		.index = i,
	};
}

/* A row and what it is sorted by. */
struct sorted {
	size_t row;
	struct value value;
};

static int compare(const void *left, const void *right, void *data)
{
	const struct sorted *a = left, *b = right;
	const struct rows_view *view = data;
	int r = value_compare(view->sort->field->type, &a->value, &b->value);

	/* What is not known comes last in either direction. */
	if (view->descending && a->value.known && b->value.known)
		r = -r;
	return r ?: (a->row > b->row) - (a->row < b->row);
}

/* Takes what a row is sorted by. The caller ends the value. */
static struct sorted sorted_at(const struct rows *rows,
			       const struct rows_view *view, size_t i)
{
	struct cell cell = cell_at(rows, i);

	cell.column = view->sort;
	return (struct sorted){ i, cell_value(&cell) };
}

/* Whether rows are in order already, as most are: then no memory is needed. */
static bool are_sorted(const struct rows *rows, const struct rows_view *view)
{
	struct sorted last = {}, next;
	bool sorted = true;
	size_t i;

	for (i = 0; i < rows->n && sorted; i++) {
		next = sorted_at(rows, view, i);
		sorted = !next.value.failed &&
			 (!i || compare(&last, &next, (void *)view) <= 0);
		value_fini(&last.value);
		last = next;
	}
	value_fini(&last.value);
	return sorted;
}

/* Sorts the rows that @order takes. Return: 0 or -ENOMEM. */
static int sort(const struct rows *rows, const struct rows_view *view,
		size_t *order)
{
	_cleanup_free_ struct sorted *sorted = NULL;
	bool failed = false;
	size_t i;

	sorted = calloc(rows->n + 1, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < rows->n; i++) {
		sorted[i] = sorted_at(rows, view, i);
		failed |= sorted[i].value.failed;
	}
	if (!failed)
		qsort_r(sorted, rows->n, sizeof(*sorted), compare,
			(void *)view);
	for (i = 0; i < rows->n; i++) {
		order[i] = sorted[i].row;
		value_fini(&sorted[i].value);
	}
	return failed ? -ENOMEM : 0;
}

int rows_sort(const struct rows *rows, const struct rows_view *view,
	      size_t **ret)
{
	_cleanup_free_ size_t *order = calloc(rows->n + 1, sizeof(*order));
	size_t i;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < rows->n; i++)
		order[i] = i;
	if (view->sort && !are_sorted(rows, view) && sort(rows, view, order))
		return -ENOMEM;
	*ret = take_ptr(order);
	return 0;
}

static void add_heading(struct table *table, const struct field *field)
{
	char heading[64];
	size_t i;

	if (field->heading) {
		table_text(table, field->heading);
		return;
	}
	for (i = 0; field->name[i] && i < sizeof(heading) - 1; i++)
		heading[i] = toupper((unsigned char)field->name[i]);
	heading[i] = 0;
	table_text(table, heading);
}

static void add_cell(const struct cell *cell, bool bytes, struct table *table)
{
	struct value value;

	if (cell->column->table) {
		cell->column->table(cell, table);
		return;
	}
	value = cell_value(cell);
	value_put_cell(&value, bytes, table);
	value_fini(&value);
}

void rows_add_headings(const struct rows_view *view, struct table *table)
{
	size_t c;

	for (c = 0; view->headings && c < view->n; c++)
		add_heading(table, view->columns[c]->field);
}

void rows_add_row(struct cell *cell, const struct rows_view *view,
		  struct table *table)
{
	size_t c;

	for (c = 0; c < view->n; c++) {
		cell->column = view->columns[c];
		add_cell(cell, view->bytes, table);
	}
}

int rows_fill_table(const struct rows *rows, const struct rows_view *view,
		    const size_t *order, struct table *table)
{
	struct cell cell;
	size_t i, c;

	for (c = 0; c < view->n; c++)
		table_column(table,
			     value_table_flags(view->columns[c]->field->type));
	rows_add_headings(view, table);
	for (i = 0; i < rows->n && !table->err; i++) {
		cell = cell_at(rows, order[i]);
		rows_add_row(&cell, view, table);
	}
	return table_fit(table);
}

int rows_table(const struct rows *rows, const struct rows_view *view,
	       const size_t *order, FILE *file)
{
	_cleanup_(table_fini) struct table table = TABLE_NONE;

	table_begin(&table, file, view->headings);
	return rows_fill_table(rows, view, order, &table)
		       ?: table_print(&table);
}

/* Whether an earlier column has the name of this one. */
static bool is_repeated(const struct rows_view *view, size_t c)
{
	size_t i;

	for (i = 0; i < c; i++)
		if (!strcmp(view->columns[i]->field->name,
			    view->columns[c]->field->name))
			return true;
	return false;
}

/* The columns of an object, without repeated names. NULL without memory. */
static const struct column **members(const struct rows_view *view)
{
	const struct column **columns = calloc(view->n + 1, sizeof(*columns));
	size_t c, n = 0;

	for (c = 0; columns && c < view->n; c++)
		if (!is_repeated(view, c))
			columns[n++] = view->columns[c];
	return columns;
}

void rows_json(const struct rows *rows, const struct rows_view *view,
	       const size_t *order, struct json *json)
{
	_cleanup_free_ const struct column **columns = members(view);
	const struct column **column;
	struct cell cell;
	size_t i;

	if (!columns)
		json_fail(json, -ENOMEM);
	json_begin_lines(json);
	for (i = 0; i < rows->n && !json->err; i++) {
		cell = cell_at(rows, order[i]);
		json_begin_object(json);
		for (column = columns; *column; column++) {
			cell.column = *column;
			cell_put_member(&cell, json);
		}
		json_end_object(json);
	}
	json_end_array(json);
}
