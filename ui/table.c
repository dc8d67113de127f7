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
	vec_fini(&table->text);
	vec_fini(&table->lines);
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

/* Whether the next cell is one. */
static inline bool is_heading(const struct table *table)
{
	return table->headings && !table->rows;
}

static void end_row(struct table *table)
{
	if (table->longest < table->text.n - table->row)
		table->longest = table->text.n - table->row;
	table->row = table->text.n;
	table->at = 0;
	table->rows++;
}

/*
 * A cell in memory is one byte with its length, and its bytes, each a column of
 * the terminal. Other cells are LONG, a struct table_cell, and their bytes.
 */
enum { LONG = TABLE_SHORT + 1 };

struct table_cell {
	size_t n, width; /* bytes, columns */
};

/* Adds the cell whose @n bytes were written at @text. */
static inline void add_cell(struct table *table, const char *text, size_t n,
			    size_t width)
{
	struct table_column *column = vec_at(&table->columns, table->at);

	if (table->err)
		return;
	/* spread() sees to the headings. */
	if (!is_heading(table)) {
		if (column->width < width)
			column->width = width;
		if (column->flags & TABLE_WRAP_LIST && table->width)
			see_items(column, text, n);
	}
	table->text.n = text + n - (char *)table->text.data;
	if (++table->at == table->columns.n)
		end_row(table);
}

char *table_grow(struct table *table, size_t n)
{
	struct vec *text = &table->text;

	if (table->err)
		return NULL;
	if (vec_reserve(text, text->room + text->room / 2 + n + 4096)) {
		table_fail(table, -ENOMEM);
		return NULL;
	}
	return table_room(table, n);
}

void table_add(struct table *table, size_t n)
{
	char *text = (char *)table->text.data + table->text.n;

	*(unsigned char *)text = n;
	add_cell(table, text + 1, n, n);
}

/* Adds what is not plain, or not short. */
static void add_long_text(struct table *table, const char *text)
{
	struct table_cell cell;
	char *to = table_room(table, sizeof(cell) + 4 * strlen(text) + 1);

	if (!to)
		return;
	((unsigned char *)to)[-1] = LONG;
	locale_printable(text, to + sizeof(cell));
	cell.n = strlen(to + sizeof(cell));
	cell.width = text_width(to + sizeof(cell), cell.n);
	memcpy(to, &cell, sizeof(cell));
	add_cell(table, to + sizeof(cell), cell.n, cell.width);
}

void table_text(struct table *table, const char *text)
{
	enum { MOST = 64 };
	char *to = table_room(table, MOST);
	size_t n;

	if (!to)
		return;
	n = utf8_copy_plain(to, text, MOST);
	if (text[n])
		add_long_text(table, text);
	else
		table_add(table, n);
}

/* What of a cell is still to be shown, and what of it this line shows. */
struct table_piece {
	const char *text;
	size_t n, width;
};

/* Takes the cell at @at, and moves @at to the next one. */
static inline struct table_piece next_cell(const char **at)
{
	struct table_piece piece = { .n = (unsigned char)*(*at)++ };
	struct table_cell cell;

	piece.width = piece.n;
	if (piece.n == LONG) {
		memcpy(&cell, *at, sizeof(cell));
		*at += sizeof(cell);
		piece.n = cell.n;
		piece.width = cell.width;
	}
	piece.text = *at;
	*at += piece.n;
	return piece;
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
	const char *heading = table->text.data;
	struct table_column *column = NULL;
	size_t sum = table->columns.n - 1;

	while ((column = vec_next(&table->columns, column))) {
		column->least = table->headings ? next_cell(&heading).width : 0;
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
	const char *at = table->text.data;
	struct table_column *column = NULL;
	struct table_piece heading;
	size_t least;

	if (!table->headings)
		return;
	while ((column = vec_next(&table->columns, column))) {
		heading = next_cell(&at);
		least = widest_part(heading.text, heading.n, '_');
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

/*
 * Takes the part of a cell that a line shows, of one that is too wide. @mark:
 * what then follows it.
 */
static struct table_piece take_piece(const struct table_column *column,
				     bool heading, struct table_piece *rest,
				     const char **mark)
{
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
static inline char *append(char *to, const struct table_piece *piece,
			   const char *mark, size_t pad, bool right)
{
	if (right)
		to = copy_blanks(to, pad);
	to = copy_short(to, piece->text, piece->n);
	if (mark)
		to = stpcpy(to, mark);
	if (!right)
		to = copy_blanks(to, pad);
	return to;
}

/* A row while it is printed. */
struct printed_row {
	const char *at; /* its next cell, on the first line */
	bool heading;
	bool first; /* line */
	bool more; /* lines */
};

/* Makes a line of a row in @to, which has room. Return: its end. */
static char *make_line(const struct table *table, struct printed_row *row,
		       char *to)
{
	const struct table_column *column = table->columns.data;
	struct table_piece piece, *rest = table->rest;
	const bool bold = row->heading && table->bold;
	const char *mark;
	size_t left, pad;
	bool right;

	row->more = false;
	for (left = table->columns.n; left; left--, column++, rest++) {
		piece = row->first ? next_cell(&row->at) : *rest;
		mark = NULL;
		if (piece.width > column->shown) {
			*rest = piece;
			piece = take_piece(column, row->heading, rest, &mark);
			row->more |= rest->n;
		} else {
			rest->n = rest->width = 0;
		}
		right = column->flags & TABLE_RIGHT;
		pad = 0;
		if (column->shown > piece.width && (right || left > 1))
			pad = column->shown - piece.width;
		if (bold && piece.n)
			to = stpcpy(to, "\033[1m");
		to = append(to, &piece, mark, pad, right);
		if (bold && piece.n)
			to = stpcpy(to, "\033[0m");
		if (left > 1)
			*to++ = ' ';
	}
	return to;
}

/*
 * Makes the line of a row whose cells at @at are short and fit, as almost all
 * do: four times as fast as make_line(). Return: its end in @to, or NULL.
 */
static char *make_short_line(const struct table *table, const char **at,
			     char *to)
{
	const struct table_column *column = table->columns.data;
	const struct table_column *end = column + table->columns.n;
	const unsigned char *cell = (const unsigned char *)*at;
	char *text_end = to;
	size_t n;

	for (; column < end; column++, cell += n) {
		n = *cell++;
		if (n == LONG || n > column->shown)
			return NULL;
		if (column->flags & TABLE_RIGHT) {
			to = copy_blanks(to, column->shown - n);
			text_end = to = copy_short(to, (char *)cell, n);
		} else {
			text_end = copy_short(to, (char *)cell, n);
			to = copy_blanks(text_end, column->shown - n);
		}
		*to++ = ' ';
	}
	*at = (char *)cell;
	return text_end;
}

static void write_lines(struct table *table)
{
	struct vec *lines = &table->lines;

	errno = 0;
	if (lines->n &&
	    fwrite_unlocked(lines->data, lines->n, 1, table->file) != 1)
		table_fail(table, errno ? -errno : -EIO);
	lines->n = 0;
}

/* Return: where the next line can be made, of @most bytes. */
static char *next_line(struct table *table, size_t most)
{
	struct vec *lines = &table->lines;

	if (lines->room - lines->n < most)
		write_lines(table);
	return (char *)lines->data + lines->n;
}

static void end_line(struct table *table, char *end)
{
	*end++ = '\n';
	table->lines.n = end - (char *)table->lines.data;
}

/* Prints a row in as many lines as it needs. @most: bytes of a line. */
static void print_row(struct table *table, struct printed_row *row, size_t most)
{
	char *line, *end;

	row->first = true;
	do {
		line = next_line(table, most);
		end = make_line(table, row, line);
		/* Only the first line of a row may end in empty cells. */
		while (!row->first && end > line && end[-1] == ' ')
			end--;
		end_line(table, end);
		row->first = false;
	} while (row->more && !table->err);
}

static bool is_empty(const struct table *table)
{
	return table->rows <= table->headings;
}

/* Return: bytes of the longest line, with the slack of copies. */
static size_t longest_line(const struct table *table)
{
	enum { AROUND = sizeof(" \033[1m...\033[0m") };
	size_t most = table->longest + 1 + COPY_SLACK;
	struct table_column *column = NULL;

	while ((column = vec_next(&table->columns, column)))
		most += column->shown + AROUND;
	return most;
}

int table_fit(struct table *table)
{
	enum { LINES = 16 << 10 };

	if (table->err || is_empty(table))
		return table->err;
	fit(table);
	table->rest = calloc(table->columns.n, sizeof(*table->rest));
	if (!table->rest ||
	    vec_reserve(&table->lines, longest_line(table) + LINES))
		table_fail(table, -ENOMEM);
	return table->err;
}

int table_print(struct table *table)
{
	struct printed_row row = { .at = table->text.data,
				   .heading = table->headings };
	size_t left, most = longest_line(table);
	char *end;

	if (is_empty(table))
		return table->err;
	for (left = table->rows; left && !table->err; left--) {
		end = row.heading ? NULL
				  : make_short_line(table, &row.at,
						    next_line(table, most));
		if (end)
			end_line(table, end);
		else
			print_row(table, &row, most);
		row.heading = false;
	}
	write_lines(table);
	return table->err;
}

void table_next(struct table *table)
{
	struct table_column *column = NULL;

	while ((column = vec_next(&table->columns, column)))
		column->width = column->shown;
	free(table->rest);
	table->rest = NULL;
	table->headings = false;
	table->text.n = table->rows = table->row = table->longest = 0;
}
