/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of buffers by exporter. */
#ifndef CLI_ROWS_EXPORTERS_H
#define CLI_ROWS_EXPORTERS_H

#include "cli/view.h"

struct exporter {
	const char *name; /* NULL when not known */
	uint64_t buffers, bytes, largest, attached, kernel_only;
	bool knows_sizes, knows_attached, knows_kernel_only;
};

/*
 * Fills @exporters, vec of struct exporter, sorted by name. Return: 0 or
 * -ENOMEM.
 */
int exporters_sum(const struct view *view, struct vec *exporters);

/* A row is a struct exporter of such a vec. */
extern const struct column exporter_columns[];

struct rows exporter_rows(const struct vec *exporters);

#endif
