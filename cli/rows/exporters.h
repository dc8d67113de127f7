/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of buffers by exporter. */
#ifndef CLI_ROWS_EXPORTERS_H
#define CLI_ROWS_EXPORTERS_H

#include "cli/view.h"

struct exporter {
	const char *name; /* NULL when not known */
	struct dmabuf_sums sums;
	bool lacks_buffers; /* there may be others, which no process holds */
};

/*
 * Fills @exporters, vec of struct exporter, sorted by name. Return: 0 or
 * -ENOMEM.
 */
int exporters_sum(const struct view *view, struct vec *exporters);

/* Return: the sums of all exporters. */
struct dmabuf_sums exporters_total(const struct vec *exporters);

/* A row is a struct exporter of such a vec. */
extern const struct column exporter_columns[];

struct rows exporter_rows(const struct vec *exporters);

#endif
