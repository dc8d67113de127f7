/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table or JSON of what a walk has seen. */
#ifndef WALK_OUTPUT_H
#define WALK_OUTPUT_H

#include <stdio.h>

#include "walk/walker.h"

struct output {
	const struct query *query;
	const struct walk_result *result;
	const char *kernel; /* its release */
	const char *walk; /* as the user wrote it */
	const char
		*iterators; /* that the kernel has for these objects, or "" */
	FILE *file;
	bool json;
	bool headings;
	bool count; /* just their number */
};

/* Writes an answer; gaps of a table go to stderr. Return: 0 or -errno. */
int output_write(const struct output *output);

#endif
