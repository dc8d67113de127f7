/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a word of the command line may become; for the shell's completion. */
#ifndef WALK_COMPLETE_H
#define WALK_COMPLETE_H

#include <stdbool.h>
#include <stdio.h>

#include "walk/symbols.h"
#include "walk/types.h"

/*
 * Writes candidates for the last of @n operands, one a line; what ends in '.'
 * may go on. @recipe is the name of the recipe that stands before them, or
 * NULL. Return: 0 or -ENOMEM.
 */
int complete(struct types *types, struct symbols *symbols, const char *recipe,
	     char *const *operands, int n, FILE *file);

#endif
