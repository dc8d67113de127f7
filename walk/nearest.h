/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name that was probably meant. */
#ifndef WALK_NEAREST_H
#define WALK_NEAREST_H

#include <stddef.h>

#include "core/error.h"

/* A search: set @word and its length, then try each name there is. */
struct nearest {
	const char *word;
	size_t length;
	char name[128]; /* the best so far, or "" */
	size_t distance;
};

void nearest_try(struct nearest *nearest, const char *name);

/* Sets the hint of an error: the name, if one is near. Return: its error. */
int nearest_hint(const struct nearest *nearest, struct dmabuf_error *error);

#endif
