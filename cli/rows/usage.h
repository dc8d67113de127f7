/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums up what processes hold of some buffers. */
#ifndef CLI_ROWS_USAGE_H
#define CLI_ROWS_USAGE_H

#include "cli/rows/processes.h"
#include "cli/view.h"

/*
 * Replaces the sums in @rows by those of the buffers of a view, and adds what
 * is known of the births of these. @rows has struct process_row, by process ID.
 */
void usage_sum(const struct view *view, struct vec *rows);

#endif
