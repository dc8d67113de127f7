/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions as users write them:
 *
 *	NAME RELATION VALUE	== (or =) != < <= > >=, or ~ for a pattern
 *	NAME			it is not 0
 *	!NAME			it is 0
 *
 * Blanks around each part are ignored. What names and values mean is up to the
 * program.
 */
#ifndef UI_CONDITION_H
#define UI_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

enum relation {
	RELATION_EQ,
	RELATION_NE,
	RELATION_LE,
	RELATION_LT,
	RELATION_GE,
	RELATION_GT,
	RELATION_LIKE,
};

/* Parts of a condition; the pointers are into its text. */
struct condition_parts {
	const char *name, *value; /* value NULL: just a name */
	size_t name_length, value_length;
	enum relation relation;
	bool negated; /* "!NAME" */
};

/*
 * Takes a condition of @length bytes apart. In a name, "->" is not a relation.
 * Return: 0, or -EINVAL when a part is missing.
 */
int condition_split(const char *text, size_t length,
		    struct condition_parts *ret);

/*
 * Whether a relation is true for @order, which is below 0, 0 or above as the
 * left side is to the right one. RELATION_LIKE never is.
 */
bool relation_is_true(enum relation relation, int order);

#endif
