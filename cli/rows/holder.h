/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A holder of a buffer as a row. */
#ifndef CLI_ROWS_HOLDER_H
#define CLI_ROWS_HOLDER_H

#include "ui/column.h"

/* A row is a struct dmabuf_holder of a struct dmabuf_snapshot. */
extern const struct column holder_columns[];

/* The same when there may be others: then the share is not known. */
extern const struct column found_holder_columns[];

#endif
