/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of btfwalk. */
#ifndef WALK_OPTIONS_H
#define WALK_OPTIONS_H

#include <stdio.h>

#include "util/vec.h"
#include "walk/walker.h"

struct options {
	const char *recipe, *sysroot, *btf;
	struct vec where, check; /* const char *, conditions */
	bool list, count, json, no_headings, explain, complete;
	struct walk_limits limits;
};

#define OPTIONS_DEFAULT                                                        \
	{                                                                      \
		.where = VEC_OF(const char *), .check = VEC_OF(const char *),  \
		.limits = { .objects_max = 1000000, .seconds = 10 },           \
	}

void options_fini(struct options *options);

/*
 * Reads the options; @argc and @argv become the operands. What --help and
 * --version print goes to @out. Return: enum options_result.
 */
int options_read(struct options *options, int *argc, char ***argv, FILE *out);

#endif
