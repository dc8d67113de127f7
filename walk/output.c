// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/utf8.h"
#include "util/cleanup.h"
#include "walk/condition.h"
#include "walk/output.h"
#include "walk/value.h"

DEFINE_CLEANUP(table, struct libscols_table, scols_unref_table)
DEFINE_CLEANUP(json, struct json_object, json_object_put)

enum {
	JSON_FLAGS = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
	/* A string, each byte of which becomes four; 256 numbers of a byte. */
	CELL_BYTES = 5 * WALK_FIELD_BYTES + 8,
};

static size_t count(const struct walk_result *result)
{
	return result->levels ? result->objects[result->levels - 1].n : 0;
}

static bool has_checks(const struct query *query)
{
	const struct condition *condition = NULL;

	while ((condition = vec_next(&query->conditions, condition)))
		if (condition->check)
			return true;
	return false;
}

/* Whether a check of the object failed, or one of those that led to it. */
static bool is_marked(const struct walk_result *result, size_t i)
{
	size_t level;

	for (level = 0; level < result->levels; level++)
		if (walk_object(result, level, i)->check_failed)
			return true;
	return false;
}

static int64_t element(const struct path *path, const struct value *value,
		       size_t at)
{
	uint64_t number = 0;
	uint32_t bits = path->each * 8;

	memcpy(&number, value->bytes + at, path->each);
	if (path->is_signed && bits < 64 && number >> (bits - 1) & 1)
		number |= ~0ULL << bits;
	return number;
}

static void numbers_text(const struct path *path, const struct value *value,
			 char *to)
{
	size_t at, used = 0;

	to[0] = 0;
	for (at = 0; at + path->each <= value->length; at += path->each)
		used += snprintf(to + used, CELL_BYTES - used,
				 path->is_signed ? "%s%" PRId64 : "%s%" PRIu64,
				 at ? "," : "", element(path, value, at));
}

static void bytes_text(const struct value *value, char *to)
{
	size_t i;

	for (i = 0; i < value->length; i++)
		sprintf(to + 2 * i, "%02x", value->bytes[i]);
}

static void string_of(const struct value *value, char *to)
{
	memcpy(to, value->bytes, value->length);
	to[value->length] = 0;
}

/* Writes what is a name, or a number in hex. Return: whether it is one. */
static bool name_text(const struct query *query, const struct path *path,
		      const struct value *value, char *to)
{
	const char *name = NULL;

	switch (path->show) {
	case SHOW_SYMBOL:
		symbols_name(query->symbols, value->number, to, CELL_BYTES);
		return true;
	case SHOW_HEX:
		snprintf(to, CELL_BYTES, "0x%" PRIx64, value->number);
		return true;
	case SHOW_ENUM:
		name = value_enum_name(path->type, value->number);
		if (name)
			snprintf(to, CELL_BYTES, "%s", name);
		return name;
	default:
		return false;
	}
}

/* Return: the text of a cell, which the caller frees, or NULL. */
static char *cell_text(const struct query *query, const struct path *path,
		       const struct value *value)
{
	char text[CELL_BYTES], safe[CELL_BYTES];

	if (value->null)
		return strdup("-");
	if (value->fault)
		return strdup("?");
	if (name_text(query, path, value, text))
		return strdup(text);
	switch (path->show) {
	case SHOW_STRING:
		string_of(value, text);
		locale_printable(text, safe);
		return strdup(safe);
	case SHOW_NUMBERS:
		numbers_text(path, value, text);
		break;
	case SHOW_BYTES:
		bytes_text(value, text);
		break;
	case SHOW_BOOL:
		return strdup(value->number ? "true" : "false");
	case SHOW_SIGNED:
		snprintf(text, sizeof(text), "%" PRId64,
			 (int64_t)value->number);
		break;
	default:
		snprintf(text, sizeof(text), "%" PRIu64, value->number);
	}
	return strdup(text);
}

static bool is_right(enum show show)
{
	return show == SHOW_SIGNED || show == SHOW_UNSIGNED ||
	       show == SHOW_INDEX;
}

static int add_row(struct libscols_table *table, const struct output *output,
		   size_t i, bool checks)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const struct column *column = NULL;
	const struct object *object;
	const struct path *path;
	struct value value;
	size_t cell = 0;
	char *text;

	while (line && (column = vec_next(&output->query->columns, column))) {
		path = query_column_path(output->query, column);
		object = walk_object(output->result, column->level, i);
		value = value_of(path, column->path, &object->record);
		text = cell_text(output->query, path, &value);
		if (!text || scols_line_refer_data(line, cell++, text)) {
			free(text);
			return -ENOMEM;
		}
	}
	if (line && checks &&
	    scols_line_set_data(line, cell,
				is_marked(output->result, i) ? "failed" : "ok"))
		return -ENOMEM;
	return line ? 0 : -ENOMEM;
}

static int print_table(const struct output *output)
{
	_cleanup_(table_cleanup) struct libscols_table *table = NULL;
	bool checks = has_checks(output->query);
	const struct column *column = NULL;
	const struct path *path;
	char heading[256] = "";
	size_t i;
	int r = 0;

	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	scols_table_enable_noheadings(table, !output->headings);
	/* The cells are safe already; see cell_text(). */
	scols_table_enable_noencoding(table, 1);
	while ((column = vec_next(&output->query->columns, column))) {
		path = query_column_path(output->query, column);
		/* Unseen headings must not widen columns. */
		if (output->headings)
			query_column_name(output->query, column, heading,
					  sizeof(heading));
		if (!scols_table_new_column(
			    table, heading, 0,
			    is_right(path->show) ? SCOLS_FL_RIGHT : 0))
			return -ENOMEM;
	}
	if (checks && !scols_table_new_column(
			      table, output->headings ? "CHECK" : "", 0, 0))
		return -ENOMEM;
	for (i = 0; !r && i < count(output->result); i++)
		r = add_row(table, output, i, checks);
	if (!r && count(output->result))
		r = scols_print_table(table);
	return r;
}

static void print_notes(const struct output *output)
{
	const struct walk_gap *gap = NULL;

	while ((gap = vec_next(&output->result->gaps, gap))) {
		fprintf(stderr, "btfwalk: not complete: ");
		if (gap->count)
			fprintf(stderr, "%" PRIu64 " ", gap->count);
		fprintf(stderr, "%s: %s\n", gap->what, gap->why);
	}
	if (output->result->checks_failed)
		fprintf(stderr,
			"btfwalk: not complete: %" PRIu64 " objects: a check "
			"failed\n",
			output->result->checks_failed);
	if (output->result->limited)
		fprintf(stderr, "btfwalk: there are more; see --limit\n");
	if (output->iterators[0])
		fprintf(stderr,
			"btfwalk: walked without a lock; with one, this kernel "
			"has %s\n",
			output->iterators);
}

int output_table(const struct output *output)
{
	int r = 0;

	if (output->count)
		printf("%zu\n", count(output->result));
	else
		r = print_table(output);
	fflush(stdout);
	if (!r)
		print_notes(output);
	return r;
}

static struct json_object *json_text(const char *text)
{
	_cleanup_free_ char *valid = malloc(3 * strlen(text) + 1);

	if (!valid)
		return NULL;
	utf8_valid(text, valid);
	return json_object_new_string(valid);
}

static struct json_object *json_numbers(const struct path *path,
					const struct value *value)
{
	struct json_object *array = json_object_new_array();
	size_t at;

	for (at = 0; at + path->each <= value->length; at += path->each) {
		int64_t number = element(path, value, at);

		json_object_array_add(array,
				      path->is_signed
					      ? json_object_new_int64(number)
					      : json_object_new_uint64(number));
	}
	return array;
}

static struct json_object *json_value(const struct query *query,
				      const struct path *path,
				      const struct value *value)
{
	char text[CELL_BYTES];

	if (value->null || value->fault)
		return NULL;
	if (name_text(query, path, value, text))
		return json_object_new_string(text);
	switch (path->show) {
	case SHOW_STRING:
		string_of(value, text);
		return json_text(text);
	case SHOW_BYTES:
		bytes_text(value, text);
		return json_object_new_string(text);
	case SHOW_NUMBERS:
		return json_numbers(path, value);
	case SHOW_BOOL:
		return json_object_new_boolean(value->number != 0);
	case SHOW_SIGNED:
		return json_object_new_int64(value->number);
	default:
		return json_object_new_uint64(value->number);
	}
}

static struct json_object *json_gap(const char *what, const char *why,
				    uint64_t number)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "what", json_object_new_string(what));
	json_object_object_add(object, "why", json_object_new_string(why));
	json_object_object_add(object, "count",
			       number ? json_object_new_uint64(number) : NULL);
	return object;
}

static struct json_object *json_envelope(const struct output *output)
{
	struct json_object *top = json_object_new_object();
	struct json_object *gaps = json_object_new_array();
	const struct walk_result *result = output->result;
	const struct walk_gap *gap = NULL;

	while ((gap = vec_next(&result->gaps, gap)))
		json_object_array_add(
			gaps, json_gap(gap->what, gap->why, gap->count));
	if (result->checks_failed)
		json_object_array_add(gaps,
				      json_gap("objects", "a check failed",
					       result->checks_failed));
	json_object_object_add(top, "schema",
			       json_object_new_string("btfwalk/1"));
	json_object_object_add(top, "kernel", json_text(output->kernel));
	json_object_object_add(top, "walk", json_text(output->walk));
	json_object_object_add(top, "iterators", json_text(output->iterators));
	json_object_object_add(
		top, "complete",
		json_object_new_boolean(!json_object_array_length(gaps)));
	json_object_object_add(top, "gaps", gaps);
	json_object_object_add(top, "limited",
			       json_object_new_boolean(result->limited));
	json_object_object_add(top, "restarts",
			       json_object_new_uint64(result->restarts));
	json_object_object_add(top, "count",
			       json_object_new_uint64(count(result)));
	return top;
}

static int print_object(const struct output *output, size_t i, bool checks)
{
	_cleanup_(json_cleanup) struct json_object *row = NULL;
	const struct column *column = NULL;
	const struct object *object;
	const struct path *path;
	struct value value;
	const char *text;
	char name[256];

	row = json_object_new_object();
	while (row && (column = vec_next(&output->query->columns, column))) {
		path = query_column_path(output->query, column);
		object = walk_object(output->result, column->level, i);
		value = value_of(path, column->path, &object->record);
		query_column_name(output->query, column, name, sizeof(name));
		json_object_object_add(row, name,
				       json_value(output->query, path, &value));
	}
	if (row && checks)
		json_object_object_add(
			row, "check",
			json_object_new_string(is_marked(output->result, i)
						       ? "failed"
						       : "ok"));
	text = row ? json_object_to_json_string_ext(row, JSON_FLAGS) : NULL;
	if (!text)
		return -ENOMEM;
	printf("%s\n%s", i ? "," : "", text);
	return 0;
}

int output_json(const struct output *output)
{
	_cleanup_(json_cleanup) struct json_object *top = json_envelope(output);
	const char *text = json_object_to_json_string_ext(top, JSON_FLAGS);
	bool checks = has_checks(output->query);
	size_t i;
	int r = 0;

	if (!text)
		return -ENOMEM;
	if (output->count) {
		printf("%s\n", text);
		return 0;
	}
	/* All but the closing brace; the rows follow. */
	printf("%.*s,\"objects\":[", (int)strlen(text) - 1, text);
	for (i = 0; !r && i < count(output->result); i++)
		r = print_object(output, i, checks);
	printf("%s]}\n", i ? "\n" : "");
	return r;
}
