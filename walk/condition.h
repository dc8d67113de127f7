/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions of --where and --check, "&&" between them:
 *
 *	PATH			it is not 0
 *	!PATH			it is
 *	PATH RELATION VALUE	== != < <= > >=, or ~ for a pattern of a shell
 *
 * A value is a number (with K, M, G or T), a string, the name of an enum's
 * number, true, false, NULL, &SYMBOL, or . for the object's own address.
 */
#ifndef WALK_CONDITION_H
#define WALK_CONDITION_H

#include <stdint.h>

#include "walk/query.h"

enum relation {
	RELATION_EQ,
	RELATION_NE,
	RELATION_LE,
	RELATION_LT,
	RELATION_GE,
	RELATION_GT,
	RELATION_LIKE,
};

struct condition {
	uint32_t level, path;
	enum relation relation;
	enum { WITH_NUMBER, WITH_TEXT, WITH_OBJECT, WITH_NULL } with;
	uint64_t number;
	char *text;
	bool check; /* an object for which it is false is marked, not left out
		     */
};

/*
 * Resolves conditions and adds them to a query, each at the innermost level
 * that has its path. Return: 0, or -errno with the reason in @error.
 */
int condition_parse(struct query *query, const char *text, bool check,
		    struct dmabuf_error *error);

/* Whether it holds for an object. @object is an element of result.h's rows. */
bool condition_holds(const struct condition *condition, const struct path *path,
		     const struct walk_record *record);

#endif
