// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/condition.h"
#include "cli/quantity.h"

/* Return: its length, 0 when it is none. */
static size_t parse_relation(const char *text)
{
	static const char *const relations[] = { ">=", "<=", ">", "<", "=" };
	size_t i;

	for (i = 0; i < sizeof(relations) / sizeof(relations[0]); i++)
		if (!strncmp(text, relations[i], strlen(relations[i])))
			return strlen(relations[i]);
	return 0;
}

const char *condition_parse(const char **text, struct condition *ret)
{
	const char *s = *text;
	size_t n;

	*ret = (struct condition){};
	n = strspn(s, "abcdefghijklmnopqrstuvwxyz_");
	if (!n || n >= sizeof(ret->total))
		return "it begins with no total's name";
	memcpy(ret->total, s, n);
	s += n;

	n = parse_relation(s);
	if (!n)
		return "the comparison is one of > >= < <= =";
	memcpy(ret->relation, s, n);
	s += n;

	n = quantity_parse(s, &ret->limit);
	s += n;
	if (!n || (*s && *s != ','))
		return "the limit is a number, and may end with K, M, G or T";
	*text = *s ? s + 1 : s;
	return NULL;
}

bool condition_holds(const struct condition *condition, uint64_t number)
{
	const char *relation = condition->relation;

	if (number == condition->limit)
		return strchr(relation, '=');
	return strchr(relation, number > condition->limit ? '>' : '<');
}
