/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that hold buffers. */
#ifndef CLI_ROWS_PROCESSES_H
#define CLI_ROWS_PROCESSES_H

#include "cli/cmd.h"
#include "util/vec.h"

enum processes_which {
	PROCESSES_HOLDING, /* those that hold a buffer */
	PROCESSES_KEEPING, /* and those that only keep one, or its memory */
};

/* A process, and what it holds, which most columns show a part of. */
struct process_row {
	const struct dmabuf_process *process;
	struct dmabuf_usage usage;
};

/*
 * Adds processes to a vec of struct process_row, by process ID. Return: 0 or
 * -ENOMEM.
 */
int processes_list(const struct dmabuf_snapshot *snapshot,
		   enum processes_which which, struct vec *ret);

const struct process_row *processes_at(const struct vec *processes, size_t i);

/* For vec_sort(): the largest share first. */
int processes_compare_pss(const void *left, const void *right);

/* The same of what released buffers they keep. */
int processes_compare_released(const void *left, const void *right);

/* A row is a struct process_row of such a vec. */
extern const struct column process_columns[];

struct rows process_rows(const struct vec *processes);

#endif
