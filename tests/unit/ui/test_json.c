// SPDX-License-Identifier: GPL-2.0-or-later
/* The JSON writer: commas, escapes, bytes of any kind, streams that fail. */
#include "tests/unit/unit.h"
#include "ui/json.h"

struct written {
	struct json json;
	char *text;
	size_t size;
	FILE *file;
};

static void begin(struct written *w)
{
	w->file = open_memstream(&w->text, &w->size);
	assert_non_null(w->file);
	json_init(&w->json, w->file);
}

static void expect(struct written *w, const char *text)
{
	assert_int_equal(json_finish(&w->json), 0);
	assert_int_equal(fclose(w->file), 0);
	assert_string_equal(w->text, text);
	free(w->text);
}

static void test_commas(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_object(&w.json);
	json_member_u64(&w.json, "a", 1);
	json_key(&w.json, "b");
	json_begin_array(&w.json);
	json_begin_array(&w.json);
	json_end_array(&w.json);
	json_begin_object(&w.json);
	json_end_object(&w.json);
	json_null(&w.json);
	json_i64(&w.json, -1);
	json_end_array(&w.json);
	json_member_bool(&w.json, "c", true);
	json_member_text(&w.json, "d", NULL);
	json_end_object(&w.json);
	expect(&w, "{\"a\":1,\"b\":[[],{},null,-1],\"c\":true,\"d\":null}\n");
}

/* Rows stand on lines; what is in a row does not. */
static void test_lines(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_object(&w.json);
	json_key(&w.json, "rows");
	json_begin_lines(&w.json);
	json_begin_object(&w.json);
	json_key(&w.json, "list");
	json_begin_array(&w.json);
	json_u64(&w.json, 1);
	json_u64(&w.json, 2);
	json_end_array(&w.json);
	json_end_object(&w.json);
	json_u64(&w.json, 3);
	json_end_array(&w.json);
	json_key(&w.json, "none");
	json_begin_lines(&w.json);
	json_end_array(&w.json);
	json_end_object(&w.json);
	expect(&w, "{\"rows\":[\n{\"list\":[1,2]},\n3\n],\"none\":[]}\n");
}

/* One object a line: the next does not begin with a comma. */
static void test_objects_in_a_stream(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_object(&w.json);
	json_end_object(&w.json);
	json_begin_object(&w.json);
	json_end_object(&w.json);
	expect(&w, "{}\n{}\n");
}

static void test_numbers(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_array(&w.json);
	json_u64(&w.json, 0);
	json_u64(&w.json, UINT64_MAX);
	json_i64(&w.json, INT64_MIN);
	json_i64(&w.json, INT64_MAX);
	json_address(&w.json, 0);
	json_address(&w.json, 0xffff888000001234);
	json_end_array(&w.json);
	expect(&w, "[0,18446744073709551615,-9223372036854775808,"
		   "9223372036854775807,\"0x0\",\"0xffff888000001234\"]\n");
}

static void test_strings(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "", "\"\"\n" },
		{ "plain ~", "\"plain ~\"\n" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"\n" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"\n" },
		{ "\001\033\037\x7f", "\"\\u0001\\u001b\\u001f\\u007f\"\n" },
		/* C1, and what changes the direction of the text. */
		{ "\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0",
		  "\"\\u0080\\u009b\\u009f\xc2\xa0\"\n" },
		{ "\xe2\x80\xae\xe2\x81\xa9\xe2\x80\xa6",
		  "\"\\u202e\\u2069\xe2\x80\xa6\"\n" },
		{ "caf\xc3\xa9", "\"caf\xc3\xa9\"\n" },
		{ "x\xff\xfey", "\"x\xef\xbf\xbd\xef\xbf\xbdy\"\n" },
		{ "x\x80y\xc0\xaf",
		  "\"x\xef\xbf\xbdy\xef\xbf\xbd\xef\xbf\xbd\"\n" },
		/* One for the bytes that would have been one character. */
		{ "\xe6\xbc", "\"\xef\xbf\xbd\"\n" },
		{ "\xe6\xbcx", "\"\xef\xbf\xbdx\"\n" },
		{ "\xf0\x9f\x90", "\"\xef\xbf\xbd\"\n" },
		{ "\xf0\x9f\xe6\xbc\xa2", "\"\xef\xbf\xbd\xe6\xbc\xa2\"\n" },
		{ "\xed\xa0\x80",
		  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n" },
	};
	struct json_key key;
	struct written w;
	char wanted[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(&w);
		json_text(&w.json, cases[i].from);
		assert_int_equal(json_finish(&w.json), 0);
		snprintf(wanted, sizeof(wanted), "%.*s",
			 (int)strlen(cases[i].to) - 1, cases[i].to);
		expect(&w, wanted);

		/* A key is made of the same characters. */
		key = json_key_new(cases[i].from);
		assert_int_equal(key.n, strlen(wanted) + 2);
		assert_int_equal(key.text[0], ',');
		assert_memory_equal(key.text + 1, wanted, key.n - 2);
		assert_int_equal(key.text[key.n - 1], ':');
		json_key_fini(&key);
	}
}

/* Three of them are more than is written at once. */
#define LONG "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP"

static void test_keys(void **state)
{
	static const struct json_key one = JSON_KEY("one"),
				     three = JSON_KEY("three");
	const char long_text[] = LONG LONG LONG;
	struct written w;

	(void)state;
	begin(&w);
	json_begin_object(&w.json);
	json_put_key(&w.json, &one);
	json_u64(&w.json, 1);
	json_key(&w.json, "t\"wo");
	json_u64(&w.json, 2);
	json_put_key(&w.json, &three);
	json_begin_lines(&w.json);
	json_begin_object(&w.json);
	json_put_u64(&w.json, &one, 0);
	json_put_u64(&w.json, &three, UINT64_MAX);
	json_end_object(&w.json);
	json_end_array(&w.json);
	json_put_u64(&w.json, &one, 10);
	json_put_text(&w.json, &one, "");
	json_put_text(&w.json, &one, long_text);
	json_end_object(&w.json);
	expect(&w, "{\"one\":1,\"t\\\"wo\":2,\"three\":[\n"
		   "{\"one\":0,\"three\":18446744073709551615}\n],"
		   "\"one\":10,\"one\":\"\",\"one\":\"" LONG LONG LONG "\"}\n");
}

/* Puts a member in one of several ways, and writes its value to @file. */
static void put_value(struct json *json, const struct json_key *key, int i,
		      FILE *file)
{
	switch (i % 4) {
	case 0:
		json_put_key(json, key);
		json_u64(json, i);
		fprintf(file, "%d", i);
		break;
	case 1:
		json_put_u64(json, key, i);
		fprintf(file, "%d", i);
		break;
	case 2:
		json_put_text(json, key, "plain");
		fputs("\"plain\"", file);
		break;
	default:
		json_put_text(json, key, "from\there\x80");
		fputs("\"from\\there\xef\xbf\xbd\"", file);
	}
}

/* An object with many members of one name, as it should be and as it is. */
static void check_members(const char *name)
{
	const int members = 20000 / (strlen(name) + 1) + 3;
	struct json_key key = json_key_new(name);
	char *wanted = NULL;
	struct written w;
	size_t size;
	FILE *file = open_memstream(&wanted, &size);
	int i;

	begin(&w);
	json_begin_object(&w.json);
	for (i = 0; i < members; i++) {
		fprintf(file, "%c\"%s\":", i ? ',' : '{', name);
		put_value(&w.json, &key, i, file);
	}
	json_end_object(&w.json);
	fputs("}\n", file);
	fclose(file);
	assert_int_equal(json_finish(&w.json), 0);
	expect(&w, wanted);
	free(wanted);
	json_key_fini(&key);
}

/* Keys of any length, at any place in the buffer. */
static void test_keys_of_any_length(void **state)
{
	static const size_t sizes[] = { 0,   1,	  12,  13,  14,
					109, 110, 111, 112, 40000 };
	char name[40001];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(name, 'k', sizes[i]);
		name[sizes[i]] = 0;
		check_members(name);
	}
}

/* Texts around the size of the buffer come out whole. */
static void test_large_texts(void **state)
{
	const size_t room = sizeof(((struct json *)0)->buf);
	const size_t sizes[] = { room - 6, room - 3, room - 2, room - 1,
				 room,	   room + 1, 3 * room };
	size_t i;
	char text[3 * sizeof(((struct json *)0)->buf) + 1];
	struct written w;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(text, 'x', sizes[i]);
		text[sizes[i]] = 0;
		begin(&w);
		json_begin_array(&w.json);
		json_text(&w.json, text);
		json_text(&w.json, text);
		json_end_array(&w.json);
		assert_int_equal(json_finish(&w.json), 0);
		fclose(w.file);
		assert_int_equal(w.size, 2 * sizes[i] + 8);
		assert_int_equal(w.text[sizes[i] + 1], 'x');
		assert_int_equal(w.text[sizes[i] + 2], '"');
		assert_string_equal(w.text + w.size - 3, "\"]\n");
		free(w.text);
	}
}

static void test_a_full_disk_is_an_error(void **state)
{
	struct json json;
	FILE *file = fopen("/dev/full", "we");
	int i;

	(void)state;
	assert_non_null(file);
	setvbuf(file, NULL, _IONBF, 0);
	json_init(&json, file);
	json_begin_array(&json);
	for (i = 0; i < 10000; i++)
		json_u64(&json, i);
	json_end_array(&json);
	assert_int_equal(json_finish(&json), -ENOSPC);
	fclose(file);
}

static void test_the_first_error_is_kept(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_array(&w.json);
	json_fail(&w.json, -ENOMEM);
	json_fail(&w.json, -EIO);
	json_u64(&w.json, 1);
	json_end_array(&w.json);
	assert_int_equal(json_finish(&w.json), -ENOMEM);
	fclose(w.file);
	assert_int_equal(w.size, 0);
	free(w.text);
}

/* What was written before an error is no document. */
static void test_an_error_leaves_the_document_open(void **state)
{
	char text[2 * sizeof(((struct json *)0)->buf)];
	struct written w;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	begin(&w);
	json_begin_array(&w.json);
	json_text(&w.json, text);
	json_fail(&w.json, -ENOMEM);
	json_text(&w.json, text);
	json_end_array(&w.json);
	assert_int_equal(json_finish(&w.json), -ENOMEM);
	fclose(w.file);
	assert_in_range(w.size, sizeof(text) / 2, sizeof(text) + 3);
	assert_int_equal(*w.text, '[');
	assert_null(strchr(w.text, ']'));
	free(w.text);
}

static void test_thousandths(void **state)
{
	struct written w;

	(void)state;
	begin(&w);
	json_begin_array(&w.json);
	json_thousandths(&w.json, 0);
	json_thousandths(&w.json, 7);
	json_thousandths(&w.json, 1230);
	json_thousandths(&w.json, UINT64_MAX);
	json_end_array(&w.json);
	expect(&w, "[0.000,0.007,1.230,18446744073709551.615]\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commas),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_objects_in_a_stream),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_thousandths),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_keys_of_any_length),
		cmocka_unit_test(test_large_texts),
		cmocka_unit_test(test_a_full_disk_is_an_error),
		cmocka_unit_test(test_the_first_error_is_kept),
		cmocka_unit_test(test_an_error_leaves_the_document_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
