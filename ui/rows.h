/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of one kind, and how they become a table or JSON. */
#ifndef UI_ROWS_H
#define UI_ROWS_H

#include <stdio.h>

#include "ui/column.h"

struct json;
struct table;

/* @at gives a row by its number; NULL when columns go by the number. */
struct rows {
	const void *of;
	size_t n;
	const void *(*at)(const void *of, size_t i);
};

/* What is shown of them. */
struct rows_view {
	const struct column *const *columns;
	size_t n; /* columns */
	const struct column *sort; /* NULL: in the order they are in */
	bool descending;
	bool bytes; /* 4096 instead of 4.0K */
	bool headings;
};

/*
 * Finds the order of the rows. Values that are not known come last, equal ones
 * stay in order. Return: 0 or -ENOMEM.
 *
 * Ownership: the caller frees @ret.
 */
int rows_sort(const struct rows *rows, const struct rows_view *view,
	      size_t **ret);

/*
 * Fills a table that was begun with the rows in an order, and fits it, so that
 * the caller can write something before it. Return: 0 or -errno.
 */
int rows_fill_table(const struct rows *rows, const struct rows_view *view,
		    const size_t *order, struct table *table);

/* The two parts of it, for rows that come one by one. */
void rows_add_headings(const struct rows_view *view, struct table *table);
void rows_add_row(struct cell *cell, const struct rows_view *view,
		  struct table *table);

/* Writes the rows as a table. Return: 0 or -errno. */
int rows_table(const struct rows *rows, const struct rows_view *view,
	       const size_t *order, FILE *file);

/* As an array, a line a row; errors are kept in @json. */
void rows_json(const struct rows *rows, const struct rows_view *view,
	       const size_t *order, struct json *json);

#endif
