/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of a query, for tables and JSON. */
#ifndef WALK_COLUMNS_H
#define WALK_COLUMNS_H

#include "ui/rows.h"
#include "util/vec.h"
#include "walk/walker.h"

/* What the columns get their values from: the "of" of their rows. */
struct walk_rows {
	const struct query *query;
	const struct walk_result *result;
};

struct walk_columns {
	size_t n;
	struct field *fields;
	struct column *columns;
	const struct column **shown; /* all of them */
};

/* Return: 0 or -ENOMEM. */
int walk_columns_init(struct walk_columns *columns, const struct query *query);
void walk_columns_fini(struct walk_columns *columns);

#endif
