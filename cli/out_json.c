// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON, one object: the envelope, then the rows one by one as they come, so
 * that 100,000 of them take no more memory than one.
 */
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/out.h"
#include "ui/utf8.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(json, struct json_object, json_object_put)

struct json_object *json_text(const char *text)
{
	_cleanup_free_ char *valid = NULL;

	if (!text)
		return NULL;
	valid = malloc(3 * strlen(text) + 1);
	if (!valid)
		return NULL;
	utf8_valid(text, valid);
	return json_object_new_string(valid);
}

struct json_object *json_value(enum field_type type, const struct value *value)
{
	char address[32];

	if (!value->known)
		return NULL;
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_BYTES:
		return json_object_new_uint64(value->number);
	case TYPE_ADDRESS:
		snprintf(address, sizeof(address), "0x%" PRIx64, value->number);
		return json_object_new_string(address);
	case TYPE_FLAG:
		return json_object_new_boolean(value->number != 0);
	case TYPE_LIST:
	case TYPE_NAMES:
		return value->json ? json_tokener_parse(value->json)
				   : value->list;
	case TYPE_TEXT:
	case TYPE_PROSE:
		return json_text(value->text);
	}
	return NULL;
}

static void add_gap(struct json_object *array, const char *what,
		    const char *why, uint64_t count)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "what", json_text(what));
	json_object_object_add(object, "why", json_text(why));
	json_object_object_add(object, "count",
			       count ? json_object_new_uint64(count) : NULL);
	json_object_array_add(array, object);
}

static struct json_object *json_gaps(const struct envelope *env)
{
	struct json_object *array = json_object_new_array();
	const struct dmabuf_gap *gap = NULL;
	const struct note *note;

	for (note = env->notes; note < env->notes + NOTES; note++)
		if (note->error.err)
			add_gap(array, note->what, note->error.text, 0);
	while (env->snapshot &&
	       (gap = dmabuf_snapshot_next_gap(env->snapshot, gap)))
		add_gap(array, dmabuf_gap_what(gap), dmabuf_gap_why(gap),
			dmabuf_gap_count(gap));
	return array;
}

static struct json_object *json_envelope(const struct envelope *env)
{
	struct json_object *top = json_object_new_object();
	struct json_object *collectors = json_object_new_object();
	struct json_object *sums = json_object_new_object();
	const struct total *total;
	char schema[64];
	size_t i;

	snprintf(schema, sizeof(schema), "dmabuf.%s/1", env->command);
	json_object_object_add(top, "schema", json_object_new_string(schema));
	json_object_object_add(top, "kernel",
			       env->kernel[0] ? json_text(env->kernel) : NULL);
	json_object_object_add(collectors, "buffers",
			       json_text(env->collector));
	json_object_object_add(collectors, "holders", json_text(env->holders));
	json_object_object_add(top, "collectors", collectors);
	json_object_object_add(top, "complete",
			       json_object_new_boolean(out_is_whole(env)));
	json_object_object_add(top, "gaps", json_gaps(env));
	for (i = 0; env->snapshot && i < TOTALS; i++) {
		total = &env->totals[i];
		json_object_object_add(
			sums, totals[i],
			total->known ? json_object_new_uint64(total->number)
				     : NULL);
	}
	json_object_object_add(top, "totals", sums);
	if (env->extra) {
		json_object_object_foreach (env->extra, key, member)
			json_object_object_add(top, key,
					       json_object_get(member));
	}
	return top;
}

static int json_begin(struct out *out, const struct envelope *env)
{
	_cleanup_(json_cleanup) struct json_object *top = json_envelope(env);
	const char *text = json_object_to_json_string_ext(top, JSON_FLAGS);

	(void)out;
	if (!text)
		return -ENOMEM;
	/* All but the closing brace; the rows follow. */
	printf("%.*s,\"%s\":[", (int)strlen(text) - 1, text, env->array);
	return 0;
}

struct json_object *json_fields(const enum field_id *columns, size_t n,
				const struct value *values)
{
	struct json_object *object = json_object_new_object();
	const struct field *field;
	size_t i;

	for (i = 0; object && i < n; i++) {
		field = &fields[columns[i]];
		json_object_object_add(object, field->name,
				       json_value(field->type, &values[i]));
	}
	return object;
}

static int json_row(struct out *out, const struct value *values)
{
	struct json row = JSON_NONE;

	if (!out->data)
		out->data = calloc(1, sizeof(row));
	if (!out->data)
		return -ENOMEM;
	/* The memory of the last row. */
	row.bytes = ((struct json *)out->data)->bytes;
	row.bytes.n = 0;
	row.bytes.each = 1;
	if (out->rows++)
		json_put(&row, ",", 1);
	json_put(&row, "\n", 1);
	json_put_fields(&row, out->columns, out->n, values);
	*(struct json *)out->data = row;
	if (row.failed)
		return -ENOMEM;
	fwrite(row.bytes.data, row.bytes.n, 1, stdout);
	return 0;
}

static int json_end(struct out *out, const struct envelope *env)
{
	(void)env;
	printf("%s]}\n", out->rows ? "\n" : "");
	return 0;
}

static void json_free(struct out *out)
{
	if (out->data)
		json_fini(out->data);
	free(out->data);
}

const struct out_ops out_json = {
	.begin = json_begin,
	.row = json_row,
	.end = json_end,
	.fini = json_free,
	.lists = true,
};
