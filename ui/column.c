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

void cell_put_member(const struct cell *cell, struct json *json)
{
	const struct column *column = cell->column;
	struct value value;

	if (column->json) {
		json_put_key(json, &column->field->key);
		column->json(cell, json);
		return;
	}
	value = cell_value(cell);
	if (value_is_number(&value)) {
		json_put_u64(json, &column->field->key, value.number);
		return;
	}
	json_put_key(json, &column->field->key);
	value_put_json(&value, json);
	value_fini(&value);
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
