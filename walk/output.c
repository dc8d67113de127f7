// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/gap.h"
#include "ui/json.h"
#include "ui/message.h"
#include "util/cleanup.h"
#include "walk/columns.h"
#include "walk/output.h"

static size_t count(const struct walk_result *result)
{
	return result->levels ? result->objects[result->levels - 1].n : 0;
}

static void print_notes(const struct output *output)
{
	const struct walk_gap *gap = NULL;

	while ((gap = vec_next(&output->result->gaps, gap)))
		message_gap(gap->count, gap->what, gap->why, NULL);
	if (output->result->checks_failed)
		message_gap(output->result->checks_failed, "objects",
			    "a check failed", NULL);
	if (output->result->limited)
		message("there are more; see --limit");
	if (output->iterators[0])
		message("walked without a lock; with one, this kernel has %s",
			output->iterators);
}

static void put_gaps(const struct walk_result *result, struct json *json)
{
	const struct walk_gap *gap = NULL;

	json_begin_array(json);
	while ((gap = vec_next(&result->gaps, gap)))
		gap_put_json(json, gap->what, gap->why, gap->count);
	if (result->checks_failed)
		gap_put_json(json, "objects", "a check failed",
			     result->checks_failed);
	json_end_array(json);
}

static void put_envelope(const struct output *output, struct json *json)
{
	const struct walk_result *result = output->result;

	json_member_text(json, "schema", "btfwalk/1");
	json_member_text(json, "kernel",
			 output->kernel[0] ? output->kernel : NULL);
	json_member_text(json, "walk", output->walk);
	json_member_text(json, "iterators", output->iterators);
	json_member_bool(json, "complete",
			 !result->gaps.n && !result->checks_failed);
	json_key(json, "gaps");
	put_gaps(result, json);
	json_member_bool(json, "limited", result->limited);
	json_member_u64(json, "restarts", result->restarts);
	json_member_u64(json, "count", count(result));
}

static int write_json(const struct output *output, const struct rows *rows,
		      const struct rows_view *view, const size_t *order)
{
	struct json json;

	json_init(&json, output->file);
	json_begin_object(&json);
	put_envelope(output, &json);
	if (!output->count) {
		json_key(&json, "objects");
		rows_json(rows, view, order, &json);
	}
	json_end_object(&json);
	return json_finish(&json);
}

static int write_table(const struct output *output, const struct rows *rows,
		       const struct rows_view *view, const size_t *order)
{
	if (!output->count)
		return rows_table(rows, view, order, output->file);
	fprintf(output->file, "%zu\n", rows->n);
	return 0;
}

int output_write(const struct output *output)
{
	_cleanup_(walk_columns_fini) struct walk_columns columns = {};
	_cleanup_free_ size_t *order = NULL;
	const struct walk_rows of = { output->query, output->result };
	const struct rows rows = { .of = &of, .n = count(output->result) };
	struct rows_view view = { .headings = output->headings };
	int r;

	r = walk_columns_init(&columns, output->query);
	view.columns = columns.shown;
	view.n = columns.n;
	r = r ?: rows_sort(&rows, &view, &order);
	if (!r && output->json)
		return write_json(output, &rows, &view, order);
	r = r ?: write_table(output, &rows, &view, order);
	fflush(output->file);
	if (!r)
		print_notes(output);
	return r;
}
