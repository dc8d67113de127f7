/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table, written to a stream when all of its rows are there. Cells are added
 * row by row. On a terminal, names are shortened and prose, lists and headings
 * are wrapped until the table fits; numbers and words are never cut. Elsewhere
 * everything is as wide as it needs to be.
 *
 * The first error is kept, later cells are dropped, and table_fit() returns it.
 * After that only writing can fail: there is a whole table or none.
 */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "util/copy.h"
#include "util/vec.h"

enum table_flags {
	TABLE_RIGHT = 1 << 0, /* at the right of its column */
	TABLE_SHORTEN = 1 << 1, /* may be cut at its end */
	TABLE_WRAP = 1 << 2, /* may be wrapped between words */
	TABLE_WRAP_LIST = 1 << 3, /* may be wrapped after commas */
};

struct table {
	FILE *file;
	size_t width; /* of the terminal, 0: any */
	bool bold; /* headings */
	bool headings; /* the first row has them */
	int err;
	size_t at; /* column of the next cell */
	size_t rows; /* that are whole, that of the headings too */
	size_t row, longest; /* where this row begins; bytes of the longest */
	struct vec columns;
	struct vec text; /* the cells: see add_cell() */
	/* For printing. */
	struct table_piece *rest;
	struct vec lines;
};

#define TABLE_NONE                                                             \
	{                                                                      \
		.columns = VEC_OF(struct table_column), .text = VEC_OF(char),  \
		.lines = VEC_OF(char)                                          \
	}

/* Of table.c; here for the size in TABLE_NONE. */
struct table_column {
	unsigned int flags;
	size_t width; /* of its widest cell */
	size_t item; /* of its widest item, in a list on a terminal */
	size_t shown; /* how wide it is made */
	size_t least; /* no narrower than this, for now */
};

/*
 * Begins a table on a stream; @table was TABLE_NONE. @headings: the first row
 * of cells has those.
 */
void table_begin(struct table *table, FILE *file, bool headings);
void table_fini(struct table *table);

/* Adds a column of enum table_flags; all columns come before the first cell. */
void table_column(struct table *table, unsigned int flags);

/* The next cell of a row, or the first of the next: a string of any bytes. */
void table_text(struct table *table, const char *text);

/* Makes room, for table_room(). */
char *table_grow(struct table *table, size_t n);

/*
 * The same in place: table_room() tells where @n bytes can be written, NULL
 * without memory; table_add() makes a cell of those that were, TABLE_SHORT at
 * most and all of printable ASCII.
 */
static inline char *table_room(struct table *table, size_t n)
{
	/* Before the cell is its length; the last one is copied with slack. */
	if (table->text.n + 1 + n + COPY_SLACK >= table->text.room)
		return table_grow(table, n);
	return (char *)table->text.data + table->text.n + 1;
}

enum { TABLE_SHORT = 254 };

void table_add(struct table *table, size_t n);

/* Makes table_fit() fail. */
void table_fail(struct table *table, int err);

/* Decides how wide the columns are. Return: 0 or -errno. */
int table_fit(struct table *table);

/* Writes a table that was fit, if it has rows. Return: 0 or -errno. */
int table_print(struct table *table);

/*
 * Drops the rows, which were printed, and the headings. Columns do not become
 * narrower, so that more rows stand below the others.
 */
void table_next(struct table *table);

#endif
