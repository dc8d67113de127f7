// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ui/column.h"
#include "ui/json.h"

const struct column *column_find(const struct column *columns, const char *name,
				 size_t length)
{
	for (; columns->field; columns++)
		if (strlen(columns->field->name) == length &&
		    !memcmp(columns->field->name, name, length))
			return columns;
	return NULL;
}

void value_put_member(struct value *value, const struct json_key *key,
		      struct json *json)
{
	if (value_is_text(value)) {
		json_put_text(json, key, value->text);
	} else {
		json_put_key(json, key);
		value_put_json(value, json);
	}
	value_fini(value);
}

void columns_put_json(const struct column *columns, unsigned int flags,
		      const void *of, const void *row, struct json *json)
{
	struct cell cell = { .of = of, .row = row };

	json_begin_object(json);
	for (cell.column = columns; cell.column->field; cell.column++)
		if (cell.column->flags & flags)
			cell_put_member(&cell, json);
	json_end_object(json);
}
