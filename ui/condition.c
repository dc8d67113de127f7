// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "ui/condition.h"
#include "util/array.h"

/* Long ones before those that they begin with. */
static const struct {
	const char *text;
	enum relation relation;
} relations[] = {
	{ "==", RELATION_EQ },	{ "!=", RELATION_NE }, { "<=", RELATION_LE },
	{ ">=", RELATION_GE },	{ "<", RELATION_LT },  { ">", RELATION_GT },
	{ "~", RELATION_LIKE }, { "=", RELATION_EQ },
};

enum { RELATIONS = ARRAY_SIZE(relations) };

static void trim(const char **s, size_t *n)
{
	while (*n && isspace((unsigned char)**s)) {
		++*s;
		--*n;
	}
	while (*n && isspace((unsigned char)(*s)[*n - 1]))
		--*n;
}

/* Return: where the relation begins, or @n. */
static size_t find_relation(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i + 1 < n && !memcmp(s + i, "->", 2))
			i++;
		else if (strchr("=!<>~", s[i]) && s[i])
			return i;
	}
	return n;
}

/* Return: the length of the relation, 0 when there is none. */
static size_t read_relation(const char *s, size_t n, enum relation *ret)
{
	size_t i, length;

	for (i = 0; i < RELATIONS; i++) {
		length = strlen(relations[i].text);
		if (length <= n && !memcmp(s, relations[i].text, length)) {
			*ret = relations[i].relation;
			return length;
		}
	}
	return 0;
}

int condition_split(const char *text, size_t length,
		    struct condition_parts *ret)
{
	struct condition_parts parts = {};
	size_t at, relation;

	trim(&text, &length);
	if (length && *text == '!') {
		parts.negated = true;
		text++;
		length--;
	}
	at = find_relation(text, length);
	parts.name = text;
	parts.name_length = at;
	trim(&parts.name, &parts.name_length);
	if (!parts.name_length)
		return -EINVAL;
	if (at < length) {
		relation =
			read_relation(text + at, length - at, &parts.relation);
		parts.value = text + at + relation;
		parts.value_length = length - at - relation;
		trim(&parts.value, &parts.value_length);
		if (!relation || parts.negated || !parts.value_length)
			return -EINVAL;
	}
	*ret = parts;
	return 0;
}

bool relation_is_true(enum relation relation, int order)
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
