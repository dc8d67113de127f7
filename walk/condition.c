// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ui/quantity.h"
#include "util/cleanup.h"
#include "util/glob.h"
#include "util/u64.h"
#include "walk/condition.h"
#include "walk/symbols.h"
#include "walk/value.h"

/*
 * Adds the path where it is known, the innermost first. Return: 0, or the error
 * of the innermost level.
 */
static int add_path(struct query *query, const char *text,
		    struct condition *condition, struct dmabuf_error *error)
{
	struct dmabuf_error first = {}, other = {};
	size_t i;
	int r;

	for (i = query->levels.n; i--;) {
		if (!query_level(query, i)->shown)
			continue;
		r = query_add_path(query, i, text, first.err ? &other : &first);
		if (r >= 0) {
			condition->level = i;
			condition->path = r;
			return 0;
		}
	}
	*error = first;
	return error->err;
}

static int parse_value(struct query *query, const struct path *path, char *text,
		       struct condition *condition, struct dmabuf_error *error)
{
	size_t n = strlen(text);

	if (!strcmp(text, "NULL")) {
		condition->with = WITH_NULL;
		return 0;
	}
	if (path->show == SHOW_STRING) {
		if (n > 1 && strchr("'\"", *text) && text[n - 1] == *text) {
			text[n - 1] = 0;
			text++;
		}
		condition->with = WITH_TEXT;
		condition->text = strdup(text);
		return condition->text ? 0 : error_no_memory(error);
	}
	if (condition->relation == RELATION_LIKE || path->show == SHOW_BYTES ||
	    path->show == SHOW_NUMBERS)
		return error_set(error, -EINVAL,
				 "'%s' is not a string, which this comparison "
				 "needs",
				 path->text);
	if (!strcmp(text, ".")) {
		condition->with = WITH_OBJECT;
		return 0;
	}
	if (*text == '&')
		return symbols_find(query->symbols, text + 1, n - 1,
				    &condition->number, error);
	if (enum_number(path->type, text, &condition->number))
		return 0;
	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		condition->number = *text == 't';
		return 0;
	}
	if (!integer_parse(text, &condition->number))
		return 0;
	error_set(error, -EINVAL, "'%s' is not a value to compare with", text);
	return error_hint(error, "give a number, a name of the enum, &SYMBOL, "
				 "NULL, or . for the object");
}

static int no_condition(const char *text, size_t length,
			struct dmabuf_error *error)
{
	error_set(error, -EINVAL, "invalid condition '%.*s'", (int)length,
		  text);
	return error_hint(error, "write PATH RELATION VALUE, with one of "
				 "== != < <= > >= ~");
}

/* Reads what stands right of the path, if anything does. */
static int parse_right(struct query *query, const struct condition_parts *parts,
		       struct condition *condition, struct dmabuf_error *error)
{
	const struct level *level = query_level(query, condition->level);
	_cleanup_free_ char *value = NULL;

	if (!parts->value) {
		condition->relation =
			parts->negated ? RELATION_EQ : RELATION_NE;
		condition->with = WITH_NULL;
		return 0;
	}
	value = strndup(parts->value, parts->value_length);
	if (!value)
		return error_no_memory(error);
	condition->relation = parts->relation;
	return parse_value(query, vec_at(&level->paths, condition->path), value,
			   condition, error);
}

static int parse_one(struct query *query, const char *text, size_t length,
		     bool check, struct dmabuf_error *error)
{
	struct condition condition = { .check = check };
	_cleanup_free_ char *name = NULL;
	struct condition_parts parts;
	int r;

	if (condition_split(text, length, &parts))
		return no_condition(text, length, error);
	name = strndup(parts.name, parts.name_length);
	if (!name)
		return error_no_memory(error);
	r = add_path(query, name, &condition, error);
	if (!r)
		r = parse_right(query, &parts, &condition, error);
	if (!r && vec_push(&query->conditions, &condition)) {
		free(condition.text);
		r = error_no_memory(error);
	}
	return r;
}

int condition_parse(struct query *query, const char *text, bool check,
		    struct dmabuf_error *error)
{
	const char *end;
	int r;

	for (;; text = end + 2) {
		end = strstr(text, "&&");
		r = parse_one(query, text,
			      end ? (size_t)(end - text) : strlen(text), check,
			      error);
		if (r || !end)
			return r;
	}
}

static bool text_holds(const struct condition *condition,
		       const struct walk_value *value)
{
	char text[WALK_FIELD_BYTES + 1];

	memcpy(text, value->bytes, value->length);
	text[value->length] = 0;
	if (condition->relation == RELATION_LIKE)
		return glob_matches(condition->text, text);
	return relation_is_true(condition->relation,
				strcmp(text, condition->text));
}

bool condition_holds(const struct condition *condition, const struct path *path,
		     const struct walk_record *record)
{
	struct walk_value value = walk_value_of(path, condition->path, record);
	uint64_t with = condition->with == WITH_OBJECT ? record->object
						       : condition->number;

	/* Nobody knows: the object stays, with a gap, and has failed a check.
	 */
	if (value.fault)
		return !condition->check;
	if (condition->with == WITH_NULL)
		return relation_is_true(
			condition->relation,
			value.null || (!value.number && !value.bytes) ? 0 : 1);
	if (value.null)
		return condition->relation == RELATION_NE;
	if (condition->with == WITH_TEXT)
		return text_holds(condition, &value);
	if (path->show == SHOW_SIGNED)
		return relation_is_true(
			condition->relation,
			((int64_t)value.number > (int64_t)with) -
				((int64_t)value.number < (int64_t)with));
	return relation_is_true(condition->relation,
				u64_compare(value.number, with));
}
