/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats of an answer. Each is a file with a struct format.
 */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdio.h>

#include "cli/envelope.h"
#include "ui/rows.h"

/* What is to be written. */
struct answer {
	const struct envelope *envelope;
	const struct rows *rows;
	const struct rows_view *view;
	const size_t *order; /* of the rows */
};

struct format {
	const char *name; /* as --format has it */
	/* Shown by default: COLUMN_TABLE or COLUMN_JSON; 0 for none. */
	unsigned int columns;
	/* Writes totals, and gaps, so they are not printed as well. */
	bool has_envelope;
	/* Return: 0 or -errno. */
	int (*write)(const struct answer *answer, FILE *file);
};

/* All formats. A format is a file, and a line here. */
#define FORMATS(X)                                                             \
	X(table)                                                               \
	X(json)                                                                \
	X(dmabuf_dump)

#define DECLARE_FORMAT(name) extern const struct format format_##name;
FORMATS(DECLARE_FORMAT)

/* All of them; ends with NULL. */
extern const struct format *const formats[];

/* Return: the format, or NULL. */
const struct format *format_find(const char *name);

#endif
