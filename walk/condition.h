/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions of --where and --check, with "&&" between them, written as in
 * ui/condition.h. A name is a path. A value is a number (with K, M, G, …), a
 * string, the name of an enum's number, true, false, NULL, &SYMBOL, or . for
 * the object's own address.
 */
#ifndef WALK_CONDITION_H
#define WALK_CONDITION_H

#include <stdint.h>

#include "ui/condition.h"
#include "walk/query.h"

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
