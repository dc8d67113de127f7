/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON as text, for what there is a lot of: an object of json-c for each member
 * of each row takes ten times as long as the rest of the row.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <string.h>

#include "cli/field.h"
#include "util/vec.h"

/* Text that grows; @failed: there was no memory for some of it. */
struct json {
	struct vec bytes;
	bool failed;
};

#define JSON_NONE                                                              \
	{                                                                      \
		.bytes = VEC_OF(char)                                          \
	}

void json_fini(struct json *json);

/* Makes room for so many bytes more. Return: whether there is. */
bool json_has_room(struct json *json, size_t n);

/* Appends as it is. */
static inline void json_put(struct json *json, const char *text, size_t n)
{
	struct vec *bytes = &json->bytes;

	if (bytes->n + n > bytes->room && !json_has_room(json, n))
		return;
	memcpy((char *)bytes->data + bytes->n, text, n);
	bytes->n += n;
}

/* Appends a string of any bytes, as valid UTF-8; NULL is null. */
void json_put_text(struct json *json, const char *text);

/* Appends an object with a member for each field. */
void json_put_fields(struct json *json, const enum field_id *columns, size_t n,
		     const struct value *values);

/* Appends an array: begin, next and a member of it for each, end. */
void json_begin_list(struct json *json);
void json_next_of_list(struct json *json);
void json_end_list(struct json *json);

/* Gives the text to a value. */
void json_give(struct json *json, struct value *value);

#endif
