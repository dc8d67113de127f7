// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON: one object with the envelope, then the rows, a line each. */
#include "cli/format.h"
#include "ui/json.h"

static int write_json(const struct answer *answer, FILE *file)
{
	struct json json;

	json_init(&json, file);
	json_begin_object(&json);
	envelope_put_json(answer->envelope, &json);
	json_key(&json, answer->envelope->array);
	rows_json(answer->rows, answer->view, answer->order, &json);
	json_end_object(&json);
	return json_finish(&json);
}

const struct format format_json = {
	.name = "json",
	.columns = COLUMN_JSON,
	.has_envelope = true,
	.write = write_json,
};
