/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the name that was probably meant by a mistyped one. */
#ifndef UI_SUGGEST_H
#define UI_SUGGEST_H

#include <stddef.h>

/* A search: begin it with the word, then try each name that exists. */
struct suggestion {
	const char *word;
	size_t length;
	char name[128]; /* the nearest name so far, or "" */
	size_t distance; /* number of typing errors between the two */
};

/* Bytes of the longest hint, with its NUL. */
enum { SUGGEST_HINT = 160 };

/* @word need not end with a NUL. */
void suggest_begin(struct suggestion *suggestion, const char *word,
		   size_t length);

void suggest_try(struct suggestion *suggestion, const char *name);

/*
 * Writes "did you mean 'NAME'?", or "" when no name is near. @prefix comes
 * before the name: "--" for options. Return: @to.
 */
const char *suggest_hint(const struct suggestion *suggestion,
			 const char *prefix, char to[SUGGEST_HINT]);

#endif
