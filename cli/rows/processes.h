/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that hold buffers. */
#ifndef CLI_ROWS_PROCESSES_H
#define CLI_ROWS_PROCESSES_H

#include "cli/view.h"
#include "util/vec.h"

enum processes_which {
	PROCESSES_HOLDING, /* those that hold a buffer */
	PROCESSES_KEEPING, /* and those that only keep one, or its memory */
};

/**
 * struct process_row - a process, and what it holds, which most columns show a
 *	part of
 * @process: the process
 * @usage: what it holds
 * @oldest_age: of the buffers that it holds, if @knows_age
 * @made_buffers: buffers that are there and that it made, if @knows_made
 * @made_bytes: bytes of these
 * @knows_age: each buffer that it holds has a birth
 * @knows_made: all births are known
 * @lacks_made_sizes: the size of one that it made is not known
 * @last: for usage_sum()
 */
struct process_row {
	const struct dmabuf_process *process;
	struct dmabuf_usage usage;
	uint64_t oldest_age, made_buffers, made_bytes;
	bool knows_age, knows_made, lacks_made_sizes;
	const struct dmabuf_buffer *last;
};

/*
 * Adds processes to a vec of struct process_row, by process ID, with what they
 * hold of all buffers. Return: 0 or -ENOMEM.
 */
int processes_list(const struct dmabuf_snapshot *snapshot,
		   enum processes_which which, struct vec *ret);

/*
 * The same with what they hold of the buffers of a view alone, and with births.
 */
int processes_list_view(const struct view *view, enum processes_which which,
			struct vec *ret);

const struct process_row *processes_at(const struct vec *processes, size_t i);

/* For vec_sort(): the largest share first. */
int processes_compare_pss(const void *left, const void *right);

/* The same of what released buffers they keep. */
int processes_compare_released(const void *left, const void *right);

/* A row is a struct process_row of such a vec. */
extern const struct column process_columns[];

struct rows process_rows(const struct vec *processes);

#endif
