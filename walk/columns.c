// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/json.h"
#include "walk/columns.h"
#include "walk/condition.h"
#include "walk/value.h"

/* A number with a comma, each of the bytes of an array. */
enum { TEXT_BYTES = 5 * WALK_FIELD_BYTES + 8 };

/* The type of a column; that of a value may be another one. */
static enum value_type type_of(enum show show)
{
	switch (show) {
	case SHOW_SIGNED:
		return VALUE_SIGNED;
	case SHOW_UNSIGNED:
	case SHOW_INDEX:
		return VALUE_NUMBER;
	case SHOW_BOOL:
		return VALUE_BOOL;
	case SHOW_STRING:
		return VALUE_TEXT;
	case SHOW_NUMBERS:
		return VALUE_NAMES;
	case SHOW_ENUM:
	case SHOW_HEX:
	case SHOW_SYMBOL:
	case SHOW_BYTES:
		break;
	}
	return VALUE_WORD;
}

static const struct path *path_of(const struct cell *cell)
{
	const struct walk_rows *rows = cell->of;

	return query_column_path(rows->query, cell->column->arg);
}

static struct walk_value datum(const struct cell *cell)
{
	const struct walk_rows *rows = cell->of;
	const struct query_column *column = cell->column->arg;
	const struct object *object =
		walk_object(rows->result, column->level, cell->index);

	return walk_value_of(path_of(cell), column->path, &object->record);
}

static int64_t element(const struct path *path, const struct walk_value *array,
		       size_t at)
{
	uint64_t number = 0;
	uint32_t bits = path->each * 8;

	memcpy(&number, array->bytes + at, path->each);
	if (path->is_signed && bits < 64 && number >> (bits - 1) & 1)
		number |= ~0ULL << bits;
	return number;
}

static void set_numbers(struct value *value, const struct path *path,
			const struct walk_value *array)
{
	char text[TEXT_BYTES] = "";
	size_t at, used = 0;

	for (at = 0; at + path->each <= array->length; at += path->each)
		used += snprintf(text + used, sizeof(text) - used,
				 path->is_signed ? "%s%" PRId64 : "%s%" PRIu64,
				 at ? "," : "", element(path, array, at));
	value_take_text(value, strdup(text));
}

static void set_bytes(struct value *value, const struct walk_value *array)
{
	char text[TEXT_BYTES] = "";
	size_t i;

	for (i = 0; i < array->length; i++)
		sprintf(text + 2 * i, "%02x", array->bytes[i]);
	value_take_text(value, strdup(text));
}

static void set_symbol(struct value *value, const struct cell *cell,
		       uint64_t address)
{
	const struct walk_rows *rows = cell->of;
	char text[TEXT_BYTES];

	symbols_name(rows->query->symbols, address, text, sizeof(text));
	value_take_text(value, strdup(text));
}

/* The name of an enum's number, or the number. */
static void set_enum(struct value *value, const struct path *path,
		     uint64_t number)
{
	const char *name = enum_name(path->type, number);

	if (name) {
		value_set_text(value, name);
		return;
	}
	value->type = VALUE_NUMBER;
	value_set_number(value, number);
}

static void set_known(struct value *value, const struct cell *cell,
		      const struct walk_value *of)
{
	const struct path *path = path_of(cell);

	switch (path->show) {
	case SHOW_STRING:
		value_take_text(value,
				strndup((const char *)of->bytes, of->length));
		break;
	case SHOW_NUMBERS:
		set_numbers(value, path, of);
		break;
	case SHOW_BYTES:
		set_bytes(value, of);
		break;
	case SHOW_SYMBOL:
		set_symbol(value, cell, of->number);
		break;
	case SHOW_ENUM:
		set_enum(value, path, of->number);
		break;
	case SHOW_HEX:
		value->type = VALUE_ADDRESS;
		value_set_number(value, of->number);
		break;
	default:
		value_set_number(value, of->number);
	}
}

static void get(const struct cell *cell, struct value *value)
{
	const struct walk_value of = datum(cell);

	value->unreadable = of.fault && !of.null;
	if (!of.null && !of.fault)
		set_known(value, cell, &of);
}

static void put_numbers(const struct cell *cell, struct json *json)
{
	const struct path *path = path_of(cell);
	const struct walk_value of = datum(cell);
	size_t at;

	if (of.null || of.fault) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	for (at = 0; at + path->each <= of.length; at += path->each) {
		if (path->is_signed)
			json_i64(json, element(path, &of, at));
		else
			json_u64(json, element(path, &of, at));
	}
	json_end_array(json);
}

/* Whether a check of the object failed, or one of those that led to it. */
static void get_check(const struct cell *cell, struct value *value)
{
	const struct walk_rows *rows = cell->of;
	const struct walk_result *result = rows->result;
	bool failed = false;
	size_t level;

	for (level = 0; level < result->levels; level++)
		failed |= walk_object(result, level, cell->index)->check_failed;
	value_set_text(value, failed ? "failed" : "ok");
}

static const struct field check_field =
	FIELD("check", VALUE_WORD, "whether --check holds", NULL);

static const struct column check_column = {
	.field = &check_field,
	.flags = COLUMN_BOTH,
	.get = get_check,
};

static bool has_checks(const struct query *query)
{
	const struct condition *condition = NULL;

	while ((condition = vec_next(&query->conditions, condition)))
		if (condition->check)
			return true;
	return false;
}

static int add_column(struct walk_columns *columns, const struct query *query,
		      const struct query_column *column)
{
	const enum show show = query_column_path(query, column)->show;
	const size_t i = columns->n;
	char name[256];

	query_column_name(query, column, name, sizeof(name));
	columns->fields[i] = (struct field){
		.name = strdup(name),
		.key = json_key_new(name),
		.type = type_of(show),
	};
	columns->fields[i].heading = columns->fields[i].name;
	columns->columns[i] = (struct column){
		.field = &columns->fields[i],
		.flags = COLUMN_BOTH,
		.get = get,
		.json = show == SHOW_NUMBERS ? put_numbers : NULL,
		.arg = column,
	};
	columns->shown[i] = &columns->columns[i];
	columns->n++;
	return columns->fields[i].name && columns->fields[i].key.text ? 0
								      : -ENOMEM;
}

int walk_columns_init(struct walk_columns *columns, const struct query *query)
{
	const size_t room = query->columns.n + 1;
	const struct query_column *column = NULL;
	int r = 0;

	*columns = (struct walk_columns){
		.fields = calloc(room, sizeof(*columns->fields)),
		.columns = calloc(room, sizeof(*columns->columns)),
		.shown = calloc(room, sizeof(*columns->shown)),
	};
	if (!columns->fields || !columns->columns || !columns->shown)
		return -ENOMEM;
	while (!r && (column = vec_next(&query->columns, column)))
		r = add_column(columns, query, column);
	if (!r && has_checks(query))
		columns->shown[columns->n++] = &check_column;
	return r;
}

void walk_columns_fini(struct walk_columns *columns)
{
	size_t i;

	for (i = 0; columns->fields && i < columns->n; i++) {
		free((char *)columns->fields[i].name);
		json_key_fini(&columns->fields[i].key);
	}
	free(columns->fields);
	free(columns->columns);
	free(columns->shown);
}
