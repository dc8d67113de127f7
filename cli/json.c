// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/out.h"
#include "util/cleanup.h"
#include "util/u64.h"

DEFINE_CLEANUP(object, struct json_object, json_object_put)

void json_fini(struct json *json)
{
	vec_fini(&json->bytes);
}

bool json_has_room(struct json *json, size_t n)
{
	struct vec *bytes = &json->bytes;

	/* Most texts are not longer. */
	if (vec_reserve(bytes, bytes->n + n < 128 ? 256 : 2 * (bytes->n + n)))
		json->failed = true;
	return bytes->n + n <= bytes->room;
}

#define PUT(json, literal) json_put(json, literal, sizeof(literal) - 1)

/* Whether a string is in JSON what it is, between quotation marks. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

/* json-c knows how to write the others. */
static void put_object(struct json *json, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_FLAGS);

	if (text)
		json_put(json, text, strlen(text));
	else
		json->failed = true;
}

void json_put_text(struct json *json, const char *text)
{
	_cleanup_(object_cleanup) struct json_object *object = NULL;

	if (!text) {
		PUT(json, "null");
	} else if (is_plain(text)) {
		PUT(json, "\"");
		json_put(json, text, strlen(text));
		PUT(json, "\"");
	} else {
		object = json_text(text);
		json->failed |= !object;
		put_object(json, object);
	}
}

static void put_number(struct json *json, uint64_t number)
{
	char text[NUMBER_TEXT];
	const char *start = number_text(number, text);

	json_put(json, start, text + sizeof(text) - 1 - start);
}

static void put_value(struct json *json, enum field_type type,
		      const struct value *value)
{
	_cleanup_(object_cleanup) struct json_object *object = NULL;

	switch (type) {
	case TYPE_NUMBER:
	case TYPE_BYTES:
		if (value->known) {
			put_number(json, value->number);
			return;
		}
		break;
	case TYPE_TEXT:
	case TYPE_PROSE:
		if (value->known) {
			json_put_text(json, value->text);
			return;
		}
		break;
	case TYPE_LIST:
	case TYPE_NAMES:
		if (value->known && value->json) {
			json_put(json, value->json, strlen(value->json));
			return;
		}
		break;
	case TYPE_FLAG:
	case TYPE_ADDRESS:
		break;
	}
	object = json_value(type, value);
	put_object(json, object);
}

void json_put_fields(struct json *json, const enum field_id *columns, size_t n,
		     const struct value *values)
{
	const struct field *field;
	size_t i;

	PUT(json, "{");
	for (i = 0; i < n; i++) {
		field = &fields[columns[i]];
		if (i)
			PUT(json, ",");
		PUT(json, "\"");
		json_put(json, field->name, strlen(field->name));
		PUT(json, "\":");
		put_value(json, field->type, &values[i]);
	}
	PUT(json, "}");
}

void json_begin_list(struct json *json)
{
	PUT(json, "[");
}

void json_next_of_list(struct json *json)
{
	const struct vec *bytes = &json->bytes;

	if (bytes->n && ((char *)bytes->data)[bytes->n - 1] != '[')
		PUT(json, ",");
}

void json_end_list(struct json *json)
{
	json_put(json, "]", sizeof("]"));
}

void json_give(struct json *json, struct value *value)
{
	if (json->failed)
		json_fini(json);
	value->made = json->bytes.data;
	value->json = value->made;
}
