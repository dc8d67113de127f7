/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns: what a kind of row has, and how to get it. Tables, JSON, sorting and
 * help are made from the same description.
 */
#ifndef UI_COLUMN_H
#define UI_COLUMN_H

#include "ui/json.h"
#include "ui/value.h"

/* A field as users know it; several kinds of row may have it. */
struct field {
	const char *name;
	struct json_key key; /* the name in JSON */
	enum value_type type;
	const char *help;
	const char *heading; /* in tables; NULL: the name in capitals */
};

/* A field: its name, type, help, and a heading that may be left out. */
#define FIELD(name, ...)                                                       \
	{                                                                      \
		name, JSON_KEY(name), __VA_ARGS__                              \
	}

/* Where a column and a row meet. */
struct cell {
	const struct column *column;
	const void *of; /* what all rows belong to, such as a snapshot */
	const void *row;
	size_t index; /* of the row */
};

enum column_flags {
	COLUMN_TABLE = 1 << 0, /* shown in tables by default */
	COLUMN_JSON = 1 << 1, /* shown in JSON by default */
	COLUMN_BOTH = COLUMN_TABLE | COLUMN_JSON,
	COLUMN_USER = 1 << 8, /* this and higher bits: for the program */
};

/**
 * struct column - a column of one kind of row
 * @field: its description; NULL ends an array of columns
 * @flags: enum column_flags
 * @get: fills the value, which has the type of the field and is not known; for
 *	lists, what tables show and rows are sorted by
 * @json: writes a list as JSON, or null; NULL for what is not a list
 * @arg: for @get, @json and @table
 * @table: adds what @get fills in to a table, without making a value of it;
 *	NULL when @get does that
 */
struct column {
	const struct field *field;
	unsigned int flags;
	void (*get)(const struct cell *cell, struct value *value);
	void (*json)(const struct cell *cell, struct json *json);
	const void *arg;
	void (*table)(const struct cell *cell, struct table *table);
};

/* Finds a column by its name, of so many bytes. Return: it, or NULL. */
const struct column *column_find(const struct column *columns, const char *name,
				 size_t length);

/* Gets the value of a cell; the caller ends it with value_fini(). */
static inline struct value cell_value(const struct cell *cell)
{
	struct value value = { .type = cell->column->field->type };

	cell->column->get(cell, &value);
	return value;
}

/* Writes a value as a member of an object, and ends it. */
void value_put_member(struct value *value, const struct json_key *key,
		      struct json *json);

/*
 * Writes a cell as a member of an object. Inline, because it is called for each
 * cell of each row.
 */
static inline void cell_put_member(const struct cell *cell, struct json *json)
{
	const struct column *column = cell->column;
	struct value value;

	if (column->json) {
		json_put_key(json, &column->field->key);
		column->json(cell, json);
		return;
	}
	value = cell_value(cell);
	if (value_is_number(&value))
		json_put_u64(json, &column->field->key, value.number);
	else
		value_put_member(&value, &column->field->key, json);
}

/*
 * Writes a row as an object, with those of @columns that have a bit of @flags.
 */
void columns_put_json(const struct column *columns, unsigned int flags,
		      const void *of, const void *row, struct json *json);

#endif
