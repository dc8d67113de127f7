// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/u64.h"
#include "walk/condition.h"
#include "walk/symbols.h"
#include "walk/value.h"

/* Longer ones before those that they begin with. */
static const struct {
	const char *text;
	enum relation relation;
} relations[] = {
	{ "==", RELATION_EQ },	{ "!=", RELATION_NE }, { "<=", RELATION_LE },
	{ ">=", RELATION_GE },	{ "<", RELATION_LT },  { ">", RELATION_GT },
	{ "~", RELATION_LIKE }, { "=", RELATION_EQ },
};

enum { RELATIONS = sizeof(relations) / sizeof(relations[0]) };

/* Return: a copy of @n bytes without the blanks around them, or NULL. */
static char *trimmed(const char *s, size_t n)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return strndup(s, n);
}

/* Where the relation of a condition stands, or its end. An arrow is none. */
static const char *find_relation(const char *s)
{
	for (; *s; s++) {
		if (!strncmp(s, "->", 2))
			s++;
		else if (strchr("=!<>~", *s))
			break;
	}
	return s;
}

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

static int parse_number(const char *text, uint64_t *ret,
			struct dmabuf_error *error)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 0);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		*ret = u64_sat_mul(*ret, 1ULL << 10 * (unit - units + 1));
		end++;
	}
	if (errno || end == text || *end) {
		error_set(error, -EINVAL, "'%s' is no value to compare with",
			  text);
		return error_hint(error, "give a number, a name of the enum, "
					 "&SYMBOL, NULL, or . for the object");
	}
	return 0;
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
		return condition->text
			       ? 0
			       : error_set(error, -ENOMEM, "out of memory");
	}
	if (condition->relation == RELATION_LIKE || path->show == SHOW_BYTES ||
	    path->show == SHOW_NUMBERS)
		return error_set(error, -EINVAL,
				 "'%s' is no string to be compared so",
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
	return parse_number(text, &condition->number, error);
}

static int parse_one(struct query *query, const char *text, size_t length,
		     bool check, struct dmabuf_error *error)
{
	struct condition condition = { .check = check };
	_cleanup_free_ char *whole = trimmed(text, length);
	_cleanup_free_ char *left = NULL, *right = NULL;
	const char *at, *start = whole;
	bool negated;
	size_t i;
	int r;

	if (!whole)
		return error_set(error, -ENOMEM, "out of memory");
	negated = *start == '!';
	start += negated;
	at = find_relation(start);
	left = trimmed(start, at - start);
	for (i = 0; *at && i < RELATIONS; i++)
		if (!strncmp(at, relations[i].text, strlen(relations[i].text)))
			break;
	if (left && *at && i < RELATIONS)
		right = trimmed(at + strlen(relations[i].text),
				strlen(at + strlen(relations[i].text)));
	if (!left || (*at && i < RELATIONS && !right))
		return error_set(error, -ENOMEM, "out of memory");
	if (!*left || (*at && (i == RELATIONS || negated || !*right))) {
		error_set(error, -EINVAL, "'%s' is no condition", whole);
		return error_hint(error,
				  "write PATH RELATION VALUE, with one of "
				  "== != < <= > >= ~");
	}

	r = add_path(query, left, &condition, error);
	if (r)
		return r;
	if (right) {
		const struct level *level = query_level(query, condition.level);

		condition.relation = relations[i].relation;
		r = parse_value(query, vec_at(&level->paths, condition.path),
				right, &condition, error);
		if (r)
			return r;
	} else {
		condition.relation = negated ? RELATION_EQ : RELATION_NE;
		condition.with = WITH_NULL;
	}
	if (vec_push(&query->conditions, &condition)) {
		free(condition.text);
		return error_set(error, -ENOMEM, "out of memory");
	}
	return 0;
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

static bool refs(enum relation relation, int order)
{
	switch (relation) {
	case RELATION_EQ:
		return order == 0;
	case RELATION_NE:
		return order != 0;
	case RELATION_LE:
		return order <= 0;
	case RELATION_LT:
		return order < 0;
	case RELATION_GE:
		return order >= 0;
	case RELATION_GT:
		return order > 0;
	case RELATION_LIKE:
		break;
	}
	return false;
}

static bool text_holds(const struct condition *condition,
		       const struct walk_value *value)
{
	char text[WALK_FIELD_BYTES + 1];

	memcpy(text, value->bytes, value->length);
	text[value->length] = 0;
	if (condition->relation == RELATION_LIKE)
		return !fnmatch(condition->text, text, 0);
	return refs(condition->relation, strcmp(text, condition->text));
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
		return refs(condition->relation,
			    value.null || (!value.number && !value.bytes) ? 0
									  : 1);
	if (value.null)
		return condition->relation == RELATION_NE;
	if (condition->with == WITH_TEXT)
		return text_holds(condition, &value);
	if (path->show == SHOW_SIGNED)
		return refs(condition->relation,
			    ((int64_t)value.number > (int64_t)with) -
				    ((int64_t)value.number < (int64_t)with));
	return refs(condition->relation, u64_compare(value.number, with));
}
