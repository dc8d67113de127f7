/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue: what is asked of well-known objects of the kernel, and how it
 * is asked of each kernel. A recipe is a file of lines:
 *
 *	# a comment
 *	what: TEXT		what the objects are
 *	lock: TEXT		what the kernel holds when it walks them
 *	truth: TEXT		where else they can be seen
 *	check: CONDITION	as --check
 *	where: CONDITION	as --where
 *	RANGE: OPERANDS		the walk, in kernels of this range
 *
 * Of several walks the first that this kernel's types and symbols allow is
 * taken; ranges are for people.
 */
#ifndef WALK_RECIPE_H
#define WALK_RECIPE_H

#include "core/error.h"
#include "util/vec.h"

struct recipe_walk {
	char *range;
	char **operands; /* NULL after the last; in one piece of memory */
};

struct recipe {
	char *name, *text; /* all strings point into text */
	char *what, *lock, *truth, *check, *where; /* or NULL */
	struct vec walks; /* struct recipe_walk */
};

/*
 * Reads a recipe: one of the catalogue by its name, or a file, whose path has a
 * '/'. Return: 0, or -errno with the reason in @error.
 *
 * Ownership: the caller frees @ret.
 */
int recipe_open(const char *name, struct recipe **ret,
		struct dmabuf_error *error);
void recipe_free(struct recipe *recipe);

/* Names of the catalogue, NULL after the last. */
extern const char *const recipe_names[];

#endif
