// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>

#include "tests/unit/unit.h"
#include "ui/json.h"
#include "ui/table.h"
#include "ui/value.h"
#include "util/cleanup.h"

static const char *human(uint64_t bytes)
{
	static char buf[8];
	size_t n;

	memset(buf, 'x', sizeof(buf));
	n = human_bytes(bytes, buf);
	assert_int_equal(n, strlen(buf));
	return buf;
}

static void test_human_bytes_at_the_edges(void **state)
{
	static const uint64_t K = 1 << 10, M = 1 << 20, G = 1 << 30;
	const uint64_t T = G * K, P = T * K, E = P * K;
	const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0B" },
		{ 1, "1B" },
		{ 999, "999B" },
		{ 1000, "1000B" },
		{ 1023, "1023B" },
		{ K, "1.0K" },
		{ K + 51, "1.0K" },
		{ K + 52, "1.1K" }, /* 1.0508 K */
		{ 4 * K, "4.0K" },
		{ 10 * K - 52, "9.9K" }, /* 9.9492 K */
		{ 10 * K - 51, "10K" },
		{ 10 * K + 511, "10K" },
		{ 10 * K + 512, "11K" }, /* a half goes up */
		{ 12 * K, "12K" },
		{ 1023 * K, "1023K" },
		{ 1023 * K + 511, "1023K" },
		{ 1023 * K + 512, "1.0M" }, /* would be 1024K */
		{ M - 1, "1.0M" },
		{ M, "1.0M" },
		{ M + M / 20 - 1, "1.0M" }, /* 1.04999 M */
		{ M + M / 20 + 1, "1.1M" },
		{ 1023 * M + 511 * K + 1023, "1023M" },
		{ 1023 * M + 512 * K, "1.0G" },
		{ G, "1.0G" },
		{ 10 * G + 511 * M, "10G" },
		{ 10 * M + 478 * K, "10M" }, /* 10.467, by way of 10.5 11 */
		{ T, "1.0T" },
		{ P, "1.0P" },
		{ E, "1.0E" },
		{ 15 * E, "15E" },
		{ 15 * E + E / 2 - 1, "15E" },
		{ UINT64_MAX, "16E" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(human(cases[i].bytes), cases[i].text);
}

#ifdef __SIZEOF_INT128__ /* 32 bits do not have it. */
/*
 * Whatever the number: four characters and a unit at most, less than 1024 of
 * it, a decimal below ten, and as near as that many digits can be.
 */
static void check_human(uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned __int128 unit, shown, exact, off;
	const char *text = human(bytes);
	unsigned long whole;
	bool decimal;
	char *end;

	assert_in_range(strlen(text), 2, 5);
	whole = strtoul(text, &end, 10);
	decimal = *end == '.';
	shown = 10 * whole;
	if (decimal) {
		assert_true(isdigit(end[1]));
		shown += end[1] - '0';
		end += 2;
	}
	assert_non_null(strchr(units, *end));
	assert_int_equal(end[1], 0);
	unit = (unsigned __int128)1 << 10 * (strchr(units, *end) - units);
	if (unit == 1)
		assert_false(decimal);
	else
		assert_int_equal(decimal, whole < 10);
	if (whole >= 1024 || (unit > 1 && whole < 1))
		fail_msg("%ju is shown as %s", (uintmax_t)bytes, text);

	/* Off by half of the last digit at most, in twentieths of a unit. */
	exact = (unsigned __int128)bytes * 20;
	shown *= 2 * unit;
	off = exact > shown ? exact - shown : shown - exact;
	if (off > (decimal ? 1 : 10) * unit)
		fail_msg("%ju is shown as %s", (uintmax_t)bytes, text);
}
static void test_human_bytes_anywhere(void **state)
{
	uint64_t random = 88172645463325252, bytes, i;

	(void)state;
	for (i = 0; i < 1 << 21; i += 7)
		check_human(i);
	for (i = 0; i < 200000; i++) {
		bytes = unit_random(&random);
		check_human(bytes >> (unit_random(&random) % 64));
	}
	/* Around each half of each digit. */
	for (bytes = 1024; bytes < UINT64_MAX / 21; bytes += bytes / 20) {
		check_human(bytes - 1);
		check_human(bytes);
		check_human(bytes + 1);
	}
}
#endif

static void test_human_durations(void **state)
{
	static const uint64_t S = 1000000000;
	const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0.0s" },
		{ S - 1, "0.9s" },
		{ 10 * S - 1, "9.9s" },
		{ 10 * S, "10s" },
		{ 60 * S - 1, "59s" },
		{ 60 * S, "1m00s" },
		{ 725 * S, "12m05s" },
		{ 3600 * S - 1, "59m59s" },
		{ 3600 * S, "1h00m" },
		{ 11520 * S, "3h12m" },
		{ 86400 * S, "1d00h" },
		{ 371000 * S, "4d07h" },
		{ UINT64_MAX, "213503d23h" },
	};
	char buf[DURATION_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(human_duration(cases[i].ns, buf),
				 strlen(cases[i].text));
		assert_string_equal(buf, cases[i].text);
	}
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	const struct value va = { .known = true, .number = a };
	const struct value vb = { .known = true, .number = b };

	return value_compare(VALUE_BYTES, &va, &vb);
}

static void test_compare_numbers(void **state)
{
	(void)state;
	assert_int_equal(compare_numbers(1, 1), 0);
	assert_true(compare_numbers(1, 2) < 0);
	assert_true(compare_numbers(2, 1) > 0);
	assert_true(compare_numbers(0, UINT64_MAX) < 0);
	assert_true(compare_numbers(UINT64_MAX, 0) > 0);
	assert_true(compare_numbers(1ULL << 63, 1) > 0);
}

static void test_compare_texts(void **state)
{
	const struct value a = { .known = true, .text = "a" };
	const struct value b = { .known = true, .text = "b" };
	const struct value none = { .known = true, .text = "" };

	(void)state;
	assert_true(value_compare(VALUE_TEXT, &a, &b) < 0);
	assert_true(value_compare(VALUE_TEXT, &b, &a) > 0);
	assert_true(value_compare(VALUE_PROSE, &none, &a) < 0);
	assert_int_equal(value_compare(VALUE_TEXT, &a, &a), 0);
}

/* Last, whatever the type, and whatever is left in the value. */
static void test_compare_unknown(void **state)
{
	const struct value zero = { .known = true, .number = 0, .text = "" };
	const struct value unknown = { .number = 77 };
	enum value_type type;

	(void)state;
	for (type = VALUE_NUMBER; type <= VALUE_NAMES; type++) {
		assert_true(value_compare(type, &zero, &unknown) < 0);
		assert_true(value_compare(type, &unknown, &zero) > 0);
		assert_int_equal(value_compare(type, &unknown, &unknown), 0);
	}
}

/* A list has its own text in tables, and is ordered by its length. */
static void test_compare_lists(void **state)
{
	const struct value two = { .known = true, .number = 2, .text = "b,c" };
	const struct value ten = { .known = true, .number = 10, .text = "a" };

	(void)state;
	assert_true(value_compare(VALUE_NAMES, &two, &ten) < 0);
	assert_true(value_compare(VALUE_LIST, &ten, &two) > 0);
}

static void test_value_owns_its_text(void **state)
{
	struct value value = {};

	(void)state;
	value_set_text(&value, NULL);
	assert_false(value.known);
	value_take_text(&value, strdup("made"));
	assert_true(value.known);
	assert_string_equal(value.text, "made");
	value_fini(&value);
	value_fini(&value);
	value_set_text(&value, "kept");
	value_fini(&value);
	assert_string_equal(value.text, "kept");
}

static void test_no_memory_for_a_text(void **state)
{
	struct value value = {};

	(void)state;
	value_take_text(&value, NULL);
	assert_false(value.known);
	assert_true(value.failed);
}

static void test_printf(void **state)
{
	struct value value = {};

	(void)state;
	value_printf(&value, "%s:%d", "comm", 7);
	assert_true(value.known);
	assert_string_equal(value.text, "comm:7");
	value_fini(&value);
}

static void test_compare_signed(void **state)
{
	const struct value minus = { .known = true, .number = -1 };
	const struct value one = { .known = true, .number = 1 };

	(void)state;
	assert_true(value_compare(VALUE_SIGNED, &minus, &one) < 0);
	assert_true(value_compare(VALUE_NUMBER, &minus, &one) > 0);
}

/* What a value is as a cell, as one with --bytes, and in JSON. */
static const struct {
	struct value value;
	const char *cell, *bytes, *json;
} shown[] = {
	{ { VALUE_NUMBER, .known = true, .number = 4096 },
	  "4096",
	  "4096",
	  "4096" },
	{ { VALUE_BYTES, .known = true, .number = 4096 },
	  "4.0K",
	  "4096",
	  "4096" },
	{ { VALUE_SIGNED, .known = true, .number = -7 }, "-7", "-7", "-7" },
	{ { VALUE_SIGNED, .known = true, .number = 1ULL << 63 },
	  "-9223372036854775808",
	  "-9223372036854775808",
	  "-9223372036854775808" },
	{ { VALUE_ADDRESS, .known = true, .number = 0xffff888000001234 },
	  "0xffff888000001234",
	  "0xffff888000001234",
	  "\"0xffff888000001234\"" },
	{ { VALUE_ADDRESS, .known = true }, "0x0", "0x0", "\"0x0\"" },
	{ { VALUE_FLAG, .known = true, .number = 1 }, "yes", "yes", "true" },
	{ { VALUE_FLAG, .known = true }, "no", "no", "false" },
	{ { VALUE_BOOL, .known = true, .number = 1 }, "true", "true", "true" },
	{ { VALUE_TEXT, .known = true, .text = "a\nb" },
	  "a\\x0ab",
	  "a\\x0ab",
	  "\"a\\nb\"" },
	{ { VALUE_WORD, .known = true, .text = "" }, "", "", "\"\"" },
	{ { VALUE_LIST, .known = true, .number = 3 }, "3", "3", "3" },
	{ { VALUE_NUMBER }, "-", "-", "null" },
	{ { VALUE_TEXT, .text = "not known" }, "-", "-", "null" },
	{ { VALUE_BYTES, .unreadable = true }, "?", "?", "null" },
};

static void check_cell(const struct value *value, bool bytes,
		       const char *wanted)
{
	_cleanup_(table_fini) struct table table = TABLE_NONE;
	char *text = NULL, line[64];
	size_t n;
	FILE *file = open_memstream(&text, &n);

	table_begin(&table, file, false);
	table_column(&table, value_table_flags(value->type));
	value_put_cell(value, bytes, &table);
	assert_int_equal(table_fit(&table) ?: table_print(&table), 0);
	fclose(file);
	snprintf(line, sizeof(line), "%s\n", wanted);
	assert_string_equal(text, line);
	free(text);
}

static void test_cells(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		check_cell(&shown[i].value, false, shown[i].cell);
		check_cell(&shown[i].value, true, shown[i].bytes);
	}
}

static void test_json(void **state)
{
	struct json json;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		json_init(&json, stdout);
		value_put_json(&shown[i].value, &json);
		assert_int_equal(json.n, strlen(shown[i].json));
		assert_memory_equal(json.buf, shown[i].json, json.n);
	}
}

static void test_a_failed_value_fails_its_writer(void **state)
{
	_cleanup_(table_fini) struct table table = TABLE_NONE;
	struct value value = { .type = VALUE_TEXT };
	struct json json;

	(void)state;
	value_take_text(&value, NULL);
	table_begin(&table, stdout, false);
	table_column(&table, 0);
	value_put_cell(&value, false, &table);
	assert_int_equal(table_fit(&table), -ENOMEM);
	json_init(&json, stdout);
	value_put_json(&value, &json);
	assert_int_equal(json.err, -ENOMEM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_human_bytes_at_the_edges),
#ifdef __SIZEOF_INT128__
		cmocka_unit_test(test_human_bytes_anywhere),
#endif
		cmocka_unit_test(test_human_durations),
		cmocka_unit_test(test_compare_numbers),
		cmocka_unit_test(test_compare_texts),
		cmocka_unit_test(test_compare_unknown),
		cmocka_unit_test(test_compare_lists),
		cmocka_unit_test(test_value_owns_its_text),
		cmocka_unit_test(test_no_memory_for_a_text),
		cmocka_unit_test(test_printf),
		cmocka_unit_test(test_compare_signed),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_a_failed_value_fails_its_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
