// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/quantity.h"
#include "tests/unit/unit.h"

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t number;
	} cases[] = {
		{ "0", 0 },
		{ "4", 4 },
		{ "0004", 4 },
		{ "010", 10 }, /* not octal */
		{ "4096", 4096 },
		{ "18446744073709551615", UINT64_MAX },
		{ "000000000000000000000000000000000004", 4 },
		{ "0K", 0 },
		{ "4K", 4ULL << 10 },
		{ "4k", 4ULL << 10 },
		{ "4KiB", 4ULL << 10 },
		{ "4kiB", 4ULL << 10 },
		{ "4MiB", 4ULL << 20 },
		{ "4GiB", 4ULL << 30 },
		{ "4TiB", 4ULL << 40 },
		{ "4PiB", 4ULL << 50 },
		{ "4EiB", 4ULL << 60 },
		{ "4M", 4ULL << 20 },
		{ "4m", 4ULL << 20 },
		{ "4G", 4ULL << 30 },
		{ "4T", 4ULL << 40 },
		{ "4P", 4ULL << 50 },
		{ "4E", 4ULL << 60 },
		{ "15e", 15ULL << 60 },
		{ "16777215T", 16777215ULL << 40 },
		{ "18014398509481983K", UINT64_MAX - 1023 },
	};
	uint64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		number = UNTOUCHED;
		assert_int_equal(quantity_parse(cases[i].text, &number),
				 strlen(cases[i].text));
		assert_true(number == cases[i].number);
	}
}

static void test_no_numbers(void **state)
{
	static const char *const wrong[] = {
		"",
		"K",
		"x",
		"x4",
		"-4",
		"-0",
		"+4",
		" 4",
		"\t4",
		"\n4",
		".5",
		"\xff",
		"\xd9\xa4", /* a digit elsewhere */
		"18446744073709551616",
		"99999999999999999999999999999999",
		"18446744073709551616K",
		"18014398509481984K",
		"16777216T",
		"16E",
	};
	uint64_t number = UNTOUCHED;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (quantity_parse(wrong[i], &number))
			fail_msg("'%s' was taken", wrong[i]);
		assert_true(number == UNTOUCHED);
	}
}

/* The caller decides what may follow. */
static void test_what_follows_is_left(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		uint64_t number;
	} cases[] = {
		{ "4x", 1, 4 },	      { "4 ", 1, 4 },
		{ "4 K", 1, 4 },      { "4.5", 1, 4 },
		{ "4,5", 1, 4 },      { "4-", 1, 4 },
		{ "0x10", 1, 0 },     { "1e3", 2, 1ULL << 60 },
		{ "4Q", 1, 4 },	      { "4KB", 2, 4096 },
		{ "4KK", 2, 4096 },   { "4Kib", 2, 4096 },
		{ "4KiBx", 4, 4096 }, { "4iB", 1, 4 },
		{ "4K\n", 2, 4096 },  { "4\xff", 1, 4 },
	};
	uint64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		number = UNTOUCHED;
		assert_int_equal(quantity_parse(cases[i].text, &number),
				 cases[i].length);
		assert_true(number == cases[i].number);
	}
}

static void test_plain_numbers(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t number;
	} cases[] = {
		{ "0", 0, 0 },
		{ "010", 0, 10 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, UNTOUCHED },
		{ "", -EINVAL, UNTOUCHED },
		{ "4K", -EINVAL, UNTOUCHED },
		{ "-1", -EINVAL, UNTOUCHED },
		{ "+1", -EINVAL, UNTOUCHED },
		{ " 1", -EINVAL, UNTOUCHED },
		{ "1 ", -EINVAL, UNTOUCHED },
		{ "0x1", -EINVAL, UNTOUCHED },
	};
	uint64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		number = UNTOUCHED;
		assert_int_equal(number_parse(cases[i].text, &number),
				 cases[i].r);
		assert_true(number == cases[i].number);
	}
}

static void test_integers(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t number;
	} cases[] = {
		{ "0", 0, 0 },
		{ "10", 0, 10 },
		{ "0x10", 0, 16 },
		{ "0XfF", 0, 255 },
		{ "010", 0, 8 },
		{ "0755", 0, 493 },
		{ "010K", 0, 10240 },
		{ "1M", 0, 1ULL << 20 },
		{ "1KiB", 0, 1024 },
		{ "-1", 0, UINT64_MAX },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, UNTOUCHED },
		{ "16E", -EINVAL, UNTOUCHED },
		{ "", -EINVAL, UNTOUCHED },
		{ "x", -EINVAL, UNTOUCHED },
		{ "0x", -EINVAL, UNTOUCHED },
		{ "08", -EINVAL, UNTOUCHED },
		{ "1MB", -EINVAL, UNTOUCHED },
		{ "0x10K", -EINVAL, UNTOUCHED },
		{ "1 ", -EINVAL, UNTOUCHED },
	};
	uint64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		number = UNTOUCHED;
		assert_int_equal(integer_parse(cases[i].text, &number),
				 cases[i].r);
		assert_true(number == cases[i].number);
	}
}

static void test_durations(void **state)
{
	static const uint64_t S = 1000000000;
	const struct {
		const char *text;
		int r;
		uint64_t ns;
	} cases[] = {
		{ "0s", 0, 0 },
		{ "90s", 0, 90 * S },
		{ "10m", 0, 600 * S },
		{ "1h30m", 0, 5400 * S },
		{ "2d", 0, 172800 * S },
		{ "1d1h1m1s", 0, 90061 * S },
		{ "18446744073s", 0, 18446744073 * S },
		{ "", -EINVAL, UNTOUCHED },
		{ "10", -EINVAL, UNTOUCHED },
		{ "m", -EINVAL, UNTOUCHED },
		{ "-1m", -EINVAL, UNTOUCHED },
		{ "1.5h", -EINVAL, UNTOUCHED },
		{ "1h ", -EINVAL, UNTOUCHED },
		{ "1ms", -EINVAL, UNTOUCHED },
		{ "18446744074s", -ERANGE, UNTOUCHED },
		{ "18446744073s1s", -ERANGE, UNTOUCHED },
		{ "99999999999999999999s", -ERANGE, UNTOUCHED },
	};
	uint64_t ns;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ns = UNTOUCHED;
		assert_int_equal(duration_parse(cases[i].text, &ns),
				 cases[i].r);
		assert_true(ns == cases[i].ns);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_no_numbers),
		cmocka_unit_test(test_what_follows_is_left),
		cmocka_unit_test(test_plain_numbers),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
