/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that hold buffers. */
#ifndef CLI_ROWS_PROCESSES_H
#define CLI_ROWS_PROCESSES_H

#include "cli/cmd.h"
#include "util/vec.h"

/*
 * Adds those that hold a buffer to a vec of const struct dmabuf_process *, by
 * process ID. Return: 0 or -ENOMEM.
 */
int processes_list(const struct dmabuf_snapshot *snapshot, struct vec *ret);

const struct dmabuf_process *processes_at(const struct vec *processes,
					  size_t i);

/* For vec_sort(): the largest share first. */
int processes_compare_pss(const void *left, const void *right);

extern const enum field_id processes_fields[], processes_columns[];

/* For struct rows; their data is such a vec. */
void processes_get(const struct rows *rows, size_t row, enum field_id field,
		   bool lists, struct value *value);

/* One as an object of JSON. */
struct json_object *processes_json(const struct vec *processes, size_t i);

#endif
