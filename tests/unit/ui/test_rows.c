// SPDX-License-Identifier: GPL-2.0-or-later
/* Columns of rows: found, sorted, written as a table and as JSON. */
#include "tests/unit/unit.h"
#include "ui/json.h"
#include "ui/rows.h"

struct thing {
	const char *name;
	uint64_t size;
	bool sized;
	int parts;
};

static const struct thing things[] = {
	{ "b", 4096, true, 2 },
	{ "a", 0, false, 0 },
	{ NULL, 12, true, 1 },
	{ "c\n", 4096, true, 0 },
};

static void get_name(const struct cell *cell, struct value *value)
{
	const struct thing *thing = cell->row;

	value_set_text(value, thing->name);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct thing *thing = cell->row;

	value->known = thing->sized;
	value->number = thing->size;
}

static void get_parts(const struct cell *cell, struct value *value)
{
	const struct thing *thing = cell->row;

	value_set_number(value, thing->parts);
}

static void put_parts(const struct cell *cell, struct json *json)
{
	const struct thing *thing = cell->row;
	int i;

	json_begin_array(json);
	for (i = 0; i < thing->parts; i++)
		json_u64(json, i);
	json_end_array(json);
}

static void get_index(const struct cell *cell, struct value *value)
{
	assert_string_equal(cell->column->arg, "arg");
	assert_ptr_equal(cell->of, things);
	value_printf(value, "#%zu", cell->index);
}

static void get_nothing(const struct cell *cell, struct value *value)
{
	(void)cell;
	value_take_text(value, NULL);
}

static const struct field name = FIELD("name", VALUE_TEXT, "its name", NULL);
static const struct field size = FIELD("size", VALUE_BYTES, "its size", NULL);
static const struct field parts = FIELD("parts", VALUE_LIST, "its parts", NULL);
static const struct field index_field = FIELD("i", VALUE_WORD, "", "Index");

static const struct column columns[] = {
	{ .field = &name, .flags = COLUMN_BOTH, .get = get_name },
	{ .field = &size, .flags = COLUMN_BOTH, .get = get_size },
	{ &parts, COLUMN_JSON, get_parts, put_parts, NULL, NULL },
	{ &index_field, COLUMN_TABLE, get_index, NULL, "arg", NULL },
	{},
};

static const struct column failing = { .field = &index_field,
				       .get = get_nothing };

static const void *thing_at(const void *of, size_t i)
{
	return (const struct thing *)of + i;
}

static const struct rows rows = { things, ARRAY_SIZE(things), thing_at };

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(column_find(columns, "size", 4), &columns[1]);
	assert_ptr_equal(column_find(columns, "name,size", 4), &columns[0]);
	assert_null(column_find(columns, "nam", 3));
	assert_null(column_find(columns, "names", 5));
	assert_null(column_find(columns, "NAME", 4));
	assert_null(column_find(columns, "name", 0));
	assert_null(column_find(columns, "", 0));
}

/* The order of the things, as digits. */
static void check_order(const struct column *by, bool descending,
			const char *wanted)
{
	const struct rows_view view = { .sort = by, .descending = descending };
	char text[ARRAY_SIZE(things) + 1] = "";
	size_t *order = NULL, i;

	assert_int_equal(rows_sort(&rows, &view, &order), 0);
	for (i = 0; i < rows.n; i++)
		text[i] = '0' + order[i];
	assert_string_equal(text, wanted);
	free(order);
}

/* What is not known comes last, equal ones stay in order; in both ways. */
static void test_sort(void **state)
{
	(void)state;
	check_order(NULL, false, "0123");
	check_order(&columns[0], false, "1032");
	check_order(&columns[0], true, "3012");
	check_order(&columns[1], false, "2031");
	check_order(&columns[1], true, "0321");
	check_order(&columns[2], false, "1320");
}

static void test_sort_without_memory(void **state)
{
	const struct rows_view view = { .sort = &failing };
	size_t *order = NULL;

	(void)state;
	assert_int_equal(rows_sort(&rows, &view, &order), -ENOMEM);
	assert_null(order);
}

static void test_table(void **state)
{
	const struct column *shown[] = { &columns[3], &columns[2], &columns[1],
					 &columns[0] };
	const size_t order[] = { 3, 2, 1, 0 };
	struct rows_view view = { .columns = shown, .n = 4, .headings = true };
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	assert_int_equal(rows_table(&rows, &view, order, file), 0);
	fclose(file);
	assert_string_equal(text, "Index PARTS SIZE NAME\n"
				  "#3        0 4.0K c\\x0a\n"
				  "#2        1  12B -\n"
				  "#1        0    - a\n"
				  "#0        2 4.0K b\n");
	free(text);

	file = open_memstream(&text, &bytes);
	view.headings = false;
	view.bytes = true;
	assert_int_equal(rows_table(&rows, &view, order, file), 0);
	fclose(file);
	assert_string_equal(text, "#3 0 4096 c\\x0a\n"
				  "#2 1   12 -\n"
				  "#1 0    - a\n"
				  "#0 2 4096 b\n");
	free(text);
}

static void test_json(void **state)
{
	/* A name is a key once. */
	const struct column *shown[] = { &columns[0], &columns[1], &columns[0],
					 &columns[2] };
	const size_t order[] = { 0, 1, 2, 3 };
	const struct rows_view view = { .columns = shown, .n = 4 };
	struct json json;
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	json_init(&json, file);
	rows_json(&rows, &view, order, &json);
	assert_int_equal(json_finish(&json), 0);
	fclose(file);
	assert_string_equal(text,
			    "[\n"
			    "{\"name\":\"b\",\"size\":4096,\"parts\":[0,1]},\n"
			    "{\"name\":\"a\",\"size\":null,\"parts\":[]},\n"
			    "{\"name\":null,\"size\":12,\"parts\":[0]},\n"
			    "{\"name\":\"c\\n\",\"size\":4096,\"parts\":[]}\n"
			    "]\n");
	free(text);
}

static void test_object(void **state)
{
	struct json json;

	(void)state;
	json_init(&json, stdout);
	json_begin_array(&json);
	columns_put_json(columns, COLUMN_JSON, things, things, &json);
	columns_put_json(columns, COLUMN_TABLE, things, things, &json);
	json.buf[json.n] = 0;
	assert_string_equal(json.buf,
			    "[{\"name\":\"b\",\"size\":4096,\"parts\":[0,1]},"
			    "{\"name\":\"b\",\"size\":4096,\"i\":\"#0\"}");
}

/* A value that could not be made is no value that is not known. */
static void test_a_failed_value_fails_all(void **state)
{
	const struct column *shown[] = { &columns[0], &failing };
	const size_t order[] = { 0, 1, 2, 3 };
	const struct rows_view view = { .columns = shown, .n = 2 };
	struct json json;
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	assert_int_equal(rows_table(&rows, &view, order, file), -ENOMEM);
	fflush(file);
	assert_int_equal(bytes, 0);
	json_init(&json, file);
	rows_json(&rows, &view, order, &json);
	assert_int_equal(json_finish(&json), -ENOMEM);
	fclose(file);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_without_memory),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_object),
		cmocka_unit_test(test_a_failed_value_fails_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
