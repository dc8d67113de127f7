/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function under test says on stderr. */
#ifndef TESTS_UI_STDERR_H
#define TESTS_UI_STDERR_H

#include <stdio.h>
#include <stdlib.h>

struct said {
	FILE *saved, *file;
	char *text;
	size_t size;
};

/* Text for stderr is kept until said_end(). */
static inline struct said *said_begin(void)
{
	static struct said said;

	said.saved = stderr;
	said.file = open_memstream(&said.text, &said.size);
	assert_non_null(said.file);
	stderr = said.file;
	return &said;
}

static inline void said_end(struct said *said, const char *expected)
{
	stderr = said->saved;
	fclose(said->file);
	assert_string_equal(said->text, expected);
	free(said->text);
}

/* Runs a statement, which says @expected. */
#define assert_says(expected, statement)                                       \
	do {                                                                   \
		struct said *said__ = said_begin();                            \
                                                                               \
		statement;                                                     \
		said_end(said__, expected);                                    \
	} while (0)

#endif
