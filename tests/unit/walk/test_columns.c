// SPDX-License-Identifier: GPL-2.0-or-later
/* What btfwalk shows of each kind of value, in tables and in JSON. */
#include "ui/json.h"
#include "tests/unit/unit.h"
#include "walk/columns.h"
#include "walk/condition.h"

enum { PATHS = 9, DATA = 64 };

struct seen {
	struct object object;
	unsigned char data[DATA];
};

/* A walk of one level with two objects. */
struct walked {
	struct query query;
	struct walk_result result;
	struct vec objects;
};

static const struct {
	const char *text;
	enum show show;
	uint16_t at, bytes;
	uint32_t each;
	bool is_signed;
} paths[PATHS] = {
	{ "signed", SHOW_SIGNED, 0, 2, 0, false },
	{ "unsigned", SHOW_UNSIGNED, 0, 2, 0, false },
	{ "bool", SHOW_BOOL, 2, 1, 0, false },
	{ "hex", SHOW_HEX, 0, 2, 0, false },
	{ "string", SHOW_STRING, 8, 8, 0, false },
	{ "bytes", SHOW_BYTES, 16, 3, 0, false },
	{ "numbers", SHOW_NUMBERS, 24, 4, 2, true },
	{ "index", SHOW_INDEX, 0, 0, 0, false },
	/* The name of an enum that has no such number. */
	{ "enum", SHOW_ENUM, 2, 1, 0, false },
};

static void add_objects(struct walked *walked)
{
	const struct seen whole = {
		.object.record.index = 5,
		.data = { [0] = 0xfe,
			  0xff,
			  1,
			  [8] = 'a',
			  '\n',
			  0,
			  'x',
			  [16] = 0x0a,
			  0xb0,
			  0xff,
			  [24] = 1,
			  0,
			  0xff,
			  0xff },
	};
	const struct seen part = {
		.object = { .check_failed = true,
			    .record = { .index = 6,
					.null = 1 << 0 | 1 << 6,
					.fault = 1 << 4 | 1 << 6 } },
	};

	assert_int_equal(vec_push(&walked->objects, &whole), 0);
	assert_int_equal(vec_push(&walked->objects, &part), 0);
}

static void begin(struct walked *walked)
{
	struct level level = { .paths = VEC_OF(struct path) };
	struct query_column column = {};
	struct path path;
	size_t i;

	*walked = (struct walked){ .objects = VEC_OF(struct seen) };
	query_init(&walked->query, NULL, NULL);
	for (i = 0; i < PATHS; i++) {
		path = (struct path){
			.text = strdup(paths[i].text),
			.show = paths[i].show,
			.field = { .at = paths[i].at, .bytes = paths[i].bytes },
			.each = paths[i].each,
			.is_signed = paths[i].is_signed,
		};
		assert_int_equal(vec_push(&level.paths, &path), 0);
		column.path = i;
		assert_int_equal(vec_push(&walked->query.columns, &column), 0);
	}
	assert_int_equal(vec_push(&walked->query.levels, &level), 0);
	add_objects(walked);
	walked->result.objects = &walked->objects;
	walked->result.levels = 1;
}

static void end(struct walked *walked)
{
	vec_fini(&walked->objects);
	query_fini(&walked->query);
}

static void add_check(struct walked *walked)
{
	struct condition check = { .check = true };

	assert_int_equal(vec_push(&walked->query.conditions, &check), 0);
}

static const size_t order[] = { 0, 1 };

static char *table_of(const struct walked *walked)
{
	const struct walk_rows of = { &walked->query, &walked->result };
	const struct rows rows = { &of, 2, NULL };
	struct walk_columns columns;
	struct rows_view view = { .headings = true };
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_int_equal(walk_columns_init(&columns, &walked->query), 0);
	view.columns = columns.shown;
	view.n = columns.n;
	assert_int_equal(rows_table(&rows, &view, order, file), 0);
	walk_columns_fini(&columns);
	fclose(file);
	return text;
}

static char *json_of(const struct walked *walked)
{
	const struct walk_rows of = { &walked->query, &walked->result };
	const struct rows rows = { &of, 2, NULL };
	struct walk_columns columns;
	struct rows_view view = {};
	struct json json;
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_int_equal(walk_columns_init(&columns, &walked->query), 0);
	view.columns = columns.shown;
	view.n = columns.n;
	json_init(&json, file);
	rows_json(&rows, &view, order, &json);
	assert_int_equal(json_finish(&json), 0);
	walk_columns_fini(&columns);
	fclose(file);
	return text;
}

static void test_table(void **state)
{
	struct walked walked;
	char *text;

	(void)state;
	begin(&walked);
	text = table_of(&walked);
	assert_string_equal(
		text,
		"signed unsigned bool  hex    string bytes  numbers index "
		"enum\n"
		"    -2    65534 true  0xfffe a\\x0a  0ab0ff 1,-1        5 1\n"
		"     -        0 false 0x0    ?      000000 -           6 0\n");
	free(text);
	end(&walked);
}

static void test_json(void **state)
{
	struct walked walked;
	char *text;

	(void)state;
	begin(&walked);
	text = json_of(&walked);
	assert_string_equal(
		text,
		"[\n{\"signed\":-2,\"unsigned\":65534,\"bool\":true,"
		"\"hex\":\"0xfffe\",\"string\":\"a\\n\",\"bytes\":\"0ab0ff\","
		"\"numbers\":[1,-1],\"index\":5,\"enum\":1},\n"
		"{\"signed\":null,\"unsigned\":0,\"bool\":false,\"hex\":"
		"\"0x0\","
		"\"string\":null,\"bytes\":\"000000\",\"numbers\":null,"
		"\"index\":6,\"enum\":0}\n]\n");
	free(text);
	end(&walked);
}

/* Each object is marked, when there is a check. */
static void test_checks(void **state)
{
	struct walked walked;
	char *text;

	(void)state;
	begin(&walked);
	add_check(&walked);
	text = table_of(&walked);
	assert_non_null(strstr(text, " enum CHECK\n"));
	assert_non_null(strstr(text, " 1    ok\n"));
	assert_non_null(strstr(text, " 0    failed\n"));
	free(text);
	text = json_of(&walked);
	assert_non_null(strstr(text, "\"enum\":1,\"check\":\"ok\"},"));
	assert_non_null(strstr(text, "\"enum\":0,\"check\":\"failed\"}"));
	free(text);
	end(&walked);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
