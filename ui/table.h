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
	size_t row, longest; /* bytes of this row's cells; of any row's */
	struct vec columns, cells, text;
	/* For printing. */
	struct table_piece *rest;
	struct vec line;
};

#define TABLE_NONE                                                             \
	{                                                                      \
		.columns = VEC_OF(struct table_column),                        \
		.cells = VEC_OF(struct table_cell), .text = VEC_OF(char),      \
		.line = VEC_OF(char)                                           \
	}

/* Of table.c; here for the sizes in TABLE_NONE. */
struct table_column {
	unsigned int flags;
	size_t width; /* of its widest cell */
	size_t item; /* of its widest item, in a list on a terminal */
	size_t shown; /* how wide it is made */
	size_t least; /* no narrower than this, for now */
};

struct table_cell {
	unsigned int n, width; /* bytes, columns */
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

/* The same from @n bytes of printable ASCII. */
void table_ascii(struct table *table, const char *text, size_t n);

/* Makes table_fit() fail. */
void table_fail(struct table *table, int err);

/* Decides how wide the columns are. Return: 0 or -errno. */
int table_fit(struct table *table);

/* Writes a table that was fit, if it has rows. Return: 0 or -errno. */
int table_print(struct table *table);

#endif
