/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a query has come to: each level, each field, and where it lies. */
#ifndef WALK_EXPLAIN_H
#define WALK_EXPLAIN_H

#include <stdio.h>

#include "walk/query.h"

void explain(const struct query *query, FILE *file);

#endif
