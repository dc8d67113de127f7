// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "ui/table.h"
#include "ui/terminal.h"
#include "ui/text.h"
#include "ui/utf8.h"

enum {
	WRAP_ANY = TABLE_WRAP | TABLE_WRAP_LIST,
	/* A column whose cells stay whole. */
	WHOLE = 1 << 8,
};

void table_begin(struct table *table, FILE *file, bool headings)
{
	table->file = file;
	table->headings = headings;
	table->width = terminal_width(file);
	table->bold = terminal_has_colour(file);
}

void table_fini(struct table *table)
{
	vec_fini(&table->columns);
	vec_fini(&table->cells);
	vec_fini(&table->text);
	vec_fini(&table->line);
	free(table->rest);
	table->rest = NULL;
}

void table_column(struct table *table, unsigned int flags)
{
	struct table_column column = { .flags = flags };

	if (!(flags & (TABLE_SHORTEN | WRAP_ANY)))
		column.flags |= WHOLE;
	if (vec_push(&table->columns, &column))
		table_fail(table, -ENOMEM);
}

void table_fail(struct table *table, int err)
{
	if (!table->err)
		table->err = err;
}

/*
 * Return: where @n bytes more can be written, or NULL; there is room for one
 * more, so that no bytes have a place as well.
 */
static inline char *room_for(struct table *table, size_t n)
{
	struct vec *text = &table->text;

	if (text->n + n >= text->room &&
	    vec_reserve(text, text->room + text->room / 2 + n + 4096)) {
		table_fail(table, -ENOMEM);
		return NULL;
	}
	return (char *)text->data + text->n;
}

/* Notes the width of the widest part of a text that ends with a separator. */
static size_t widest_part(const char *text, size_t n, char separator)
{
	size_t widest = 0, at, width, length;

	for (at = 0; at < n; at += length) {
		for (length = 0; at + length < n;)
			if (text[at + length++] == separator)
				break;
		width = text_width(text + at, length);
		if (widest < width)
			widest = width;
	}
	return widest;
}

static void see_items(struct table_column *column, const char *text, size_t n)
{
	size_t width = widest_part(text, n, ',');

	if (column->item < width)
		column->item = width;
}

/* Whether the last cell is one. */
static inline bool is_heading(const struct table *table)
{
	return table->headings && table->cells.n <= table->columns.n;
}

/* Adds the cell whose @n bytes are behind those of the last one. */
static inline void add_cell(struct table *table, size_t n, size_t width)
{
	struct table_cell cell = { .n = n, .width = width };
	struct table_column *column;

	if (vec_push(&table->cells, &cell)) {
		table_fail(table, -ENOMEM);
		return;
	}
	column = vec_at(&table->columns, table->at++);
	/* spread() sees to the headings. */
	if (column->width < width && !is_heading(table))
		column->width = width;
	if (table->width && column->flags & TABLE_WRAP_LIST &&
	    !is_heading(table))
		see_items(column, (char *)table->text.data + table->text.n, n);
	table->text.n += n;
	table->row += n;
	if (table->at < table->columns.n)
		return;
	if (table->longest < table->row)
		table->longest = table->row;
	table->at = table->row = 0;
}

void table_ascii(struct table *table, const char *text, size_t n)
{
	char *to = room_for(table, n);

	if (!to || table->err)
		return;
	memcpy(to, text, n);
	add_cell(table, n, n);
}

static void add_odd_text(struct table *table, const char *text)
{
	char *to = room_for(table, 4 * strlen(text) + 1);
	size_t n;

	if (!to || table->err)
		return;
	locale_printable(text, to);
	n = strlen(to);
	add_cell(table, n, text_width(to, n));
}

void table_text(struct table *table, const char *text)
{
	size_t n;

	for (n = 0; text[n] >= ' ' && text[n] <= '~' && text[n] != '\\'; n++)
		;
	if (text[n])
		add_odd_text(table, text);
	else
		table_ascii(table, text, n);
}

/*
 * Makes the widest of the columns with one of @flags narrower, until the table
 * is narrower by @over or each has @least columns, or its own least. Return:
 * what is left of @over.
 */
static size_t shrink(struct table *table, unsigned int flags, size_t least,
		     size_t over)
{
	struct table_column *column, *widest;

	for (; over; over--, widest->shown--) {
		column = widest = NULL;
		while ((column = vec_next(&table->columns, column)))
			if (column->flags & flags && column->shown > least &&
			    column->shown > column->least &&
			    (!widest || widest->shown < column->shown))
				widest = column;
		if (!widest)
			break;
	}
	return over;
}

/* Makes each column as wide as it needs to be. Return: the sum of all. */
static size_t spread(struct table *table)
{
	const struct table_cell *heading = table->cells.data;
	struct table_column *column = NULL;
	size_t sum = table->columns.n - 1;

	while ((column = vec_next(&table->columns, column))) {
		column->least = table->headings ? heading++->width : 0;
		column->shown = column->width;
		if (column->shown < column->least)
			column->shown = column->least;
		sum += column->shown;
		if (column->flags & WHOLE)
			column->least = column->shown;
		if (column->least < column->item)
			column->least = column->item;
	}
	return sum;
}

/* Lets headings be wrapped: they allow narrower columns then. */
static void wrap_headings(struct table *table)
{
	const struct table_cell *heading = table->cells.data;
	const char *text = table->text.data;
	struct table_column *column = NULL;
	size_t least;

	if (!table->headings)
		return;
	for (; (column = vec_next(&table->columns, column)); heading++) {
		least = widest_part(text, heading->n, '_');
		text += heading->n;
		if (column->flags & WHOLE && least < column->width)
			least = column->width;
		column->least = least > column->item ? least : column->item;
	}
}

/*
 * Decides how wide each column is on this terminal: what is still easy to read
 * comes first.
 */
static void fit(struct table *table)
{
	struct table_column *column = NULL;
	size_t over = spread(table);

	if (!table->width || over <= table->width)
		return;
	over -= table->width;
	over = shrink(table, TABLE_WRAP, 32, over);
	over = shrink(table, TABLE_WRAP_LIST, 0, over);
	over = shrink(table, TABLE_SHORTEN, 24, over);
	wrap_headings(table);
	over = shrink(table, WHOLE | TABLE_WRAP_LIST, 0, over);
	over = shrink(table, TABLE_SHORTEN, 16, over);
	over = shrink(table, TABLE_WRAP, 20, over);
	over = shrink(table, TABLE_SHORTEN, 6, over);
	over = shrink(table, TABLE_WRAP, 12, over);
	/* An item of a list that is too wide is wrapped as well. */
	while ((column = vec_next(&table->columns, column)))
		if (column->item)
			column->least = 0;
	over = shrink(table, TABLE_WRAP_LIST, 12, over);
	over = shrink(table, TABLE_SHORTEN, 4, over);
	(void)shrink(table, TABLE_WRAP_LIST, 8, over);
}

/* What of a cell is still to be shown, and what of it this line shows. */
struct table_piece {
	const char *text;
	size_t n, width;
};

/* Cuts what a line of @width columns shows from what is left of a cell. */
static struct table_piece cut_line(struct table_piece *rest, size_t width,
				   char separator)
{
	struct table_piece piece = *rest;
	size_t next;

	piece.n = text_line(rest->text, rest->n, width, separator, &next);
	piece.width = text_width(piece.text, piece.n);
	rest->text += next;
	rest->n -= next;
	rest->width = text_width(rest->text, rest->n);
	return piece;
}

/* Shortens a cell so that @mark fits behind it. */
static struct table_piece shorten(struct table_piece *rest, size_t width,
				  const char *mark)
{
	const size_t room = text_width(mark, strlen(mark));
	struct table_piece piece = *rest;

	piece.n = text_fit(rest->text, rest->n, width > room ? width - room : 0,
			   &piece.width);
	piece.width += room;
	rest->n = rest->width = 0;
	return piece;
}

/* Takes the part of a cell that a line shows. @mark: what then follows it. */
static struct table_piece take_piece(const struct table_column *column,
				     bool heading, struct table_piece *rest,
				     const char **mark)
{
	struct table_piece piece = *rest;

	*mark = "";
	if (rest->width <= column->shown) {
		rest->n = rest->width = 0;
		return piece;
	}
	if (heading)
		return cut_line(rest, column->shown, '_');
	if (column->flags & TABLE_WRAP)
		return cut_line(rest, column->shown, ' ');
	if (column->flags & TABLE_WRAP_LIST)
		return cut_line(rest, column->shown, ',');
	*mark = text_ellipsis();
	return shorten(rest, column->shown, *mark);
}

/* Appends to a line; there is room. */
static char *append(char *to, const struct table_piece *piece, const char *mark,
		    size_t pad, bool right)
{
	if (right) {
		memset(to, ' ', pad);
		to += pad;
	}
	to = mempcpy(to, piece->text, piece->n);
	if (*mark)
		to = stpcpy(to, mark);
	if (!right) {
		memset(to, ' ', pad);
		to += pad;
	}
	return to;
}

/* A row while it is printed. */
struct printed_row {
	bool heading;
	bool more; /* lines */
};

/* Makes a line of a row in @to, which has room. Return: its end. */
static char *make_line(const struct table *table, struct printed_row *row,
		       char *to)
{
	const struct table_column *column = table->columns.data;
	struct table_piece piece, *rest = table->rest;
	const char *mark;
	size_t left, pad;
	bool right, bold;

	row->more = false;
	for (left = table->columns.n; left; left--, column++, rest++) {
		piece = take_piece(column, row->heading, rest, &mark);
		row->more |= rest->n;
		right = column->flags & TABLE_RIGHT;
		pad = 0;
		if (column->shown > piece.width && (right || left > 1))
			pad = column->shown - piece.width;
		bold = row->heading && table->bold && piece.n;
		if (bold)
			to = stpcpy(to, "\033[1m");
		to = append(to, &piece, mark, pad, right);
		if (bold)
			to = stpcpy(to, "\033[0m");
		if (left > 1)
			*to++ = ' ';
	}
	return to;
}

static void print_row(struct table *table, struct printed_row *row)
{
	char *line = table->line.data, *end;
	bool first = true;

	do {
		end = make_line(table, row, line);
		/* Only the first line of a row may end in empty cells. */
		while (!first && end > line && end[-1] == ' ')
			end--;
		*end++ = '\n';
		errno = 0;
		if (fwrite_unlocked(line, end - line, 1, table->file) != 1)
			table_fail(table, errno ? -errno : -EIO);
		first = false;
	} while (row->more && !table->err);
}

static bool is_empty(const struct table *table)
{
	return table->cells.n <= (table->headings ? table->columns.n : 0);
}

int table_fit(struct table *table)
{
	enum { AROUND = sizeof(" \033[1m...\033[0m") };
	struct table_column *column = NULL;
	size_t line;

	if (table->err || is_empty(table))
		return table->err;
	fit(table);
	line = table->longest + 1;
	while ((column = vec_next(&table->columns, column)))
		line += column->shown + AROUND;
	table->rest = calloc(table->columns.n, sizeof(*table->rest));
	if (!table->rest || vec_reserve(&table->line, line))
		table_fail(table, -ENOMEM);
	return table->err;
}

int table_print(struct table *table)
{
	struct printed_row row = { .heading = table->headings };
	const struct table_cell *cell = table->cells.data;
	const char *text = table->text.data;
	size_t i, c;

	if (is_empty(table))
		return table->err;
	for (i = 0; i < table->cells.n && !table->err; i += c) {
		for (c = 0; c < table->columns.n; c++, cell++) {
			table->rest[c] = (struct table_piece){ text, cell->n,
							       cell->width };
			text += cell->n;
		}
		print_row(table, &row);
		row.heading = false;
	}
	return table->err;
}
