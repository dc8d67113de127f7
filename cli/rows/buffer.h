/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer as a row. */
#ifndef CLI_ROWS_BUFFER_H
#define CLI_ROWS_BUFFER_H

#include "cli/view.h"

/* All that is known of one, and what of it is shown unasked. */
extern const enum field_id buffer_fields[], buffer_columns[],
	buffer_json_fields[];

/* For struct rows; their data is a struct view. */
void buffer_get(const struct rows *rows, size_t row, enum field_id field,
		bool lists, struct value *value);

/* One that is not a row, as an object of JSON. */
struct json_object *buffer_json(const struct view *view, size_t i);

/*
 * The devices attached to a buffer, by name, with commas between them. The
 * caller frees the result. Return: it, empty when there is none, or NULL when
 * they are not known or there is no memory.
 */
char *buffer_devices(const struct view *view,
		     const struct dmabuf_buffer *buffer);

#endif
