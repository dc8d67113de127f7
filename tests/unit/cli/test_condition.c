// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include "cli/condition.h"

static void expect(const char *text, const char *total, const char *relation,
		   uint64_t limit)
{
	struct condition condition;

	assert_null(condition_parse(&text, &condition));
	assert_string_equal(text, "");
	assert_string_equal(condition.total, total);
	assert_string_equal(condition.relation, relation);
	assert_true(condition.limit == limit);
}

static void test_parse(void **state)
{
	(void)state;
	expect("kernel_only>64M", "kernel_only", ">", 64ULL << 20);
	expect("unexplained>=0", "unexplained", ">=", 0);
	expect("buffers<1K", "buffers", "<", 1024);
	expect("bytes<=3G", "bytes", "<=", 3ULL << 30);
	expect("bytes=1T", "bytes", "=", 1ULL << 40);
	expect("bytes>18446744073709551615", "bytes", ">", UINT64_MAX);
	expect("bytes>15E", "bytes", ">", 15ULL << 60);
}

static void test_parse_several(void **state)
{
	const char *text = "kernel_only>1,buffers>2";
	struct condition condition;

	(void)state;
	assert_null(condition_parse(&text, &condition));
	assert_string_equal(condition.total, "kernel_only");
	assert_null(condition_parse(&text, &condition));
	assert_string_equal(condition.total, "buffers");
	assert_int_equal(condition.limit, 2);
	assert_string_equal(text, "");
}

static void test_parse_wrong(void **state)
{
	static const char *const wrong[] = {
		"",
		">1",
		"bytes",
		"bytes>",
		"bytes>x",
		"bytes>-1",
		"bytes>+1",
		"bytes> 1",
		"bytes=>1",
		"bytes==1",
		"bytes<>1",
		"bytes>>>1",
		"bytes!1",
		"bytes>1Q",
		"bytes>1MB",
		"bytes>1;",
		"bytes>18446744073709551616",
		"bytes>16E",
		"a_name_longer_than_any>1",
		"Bytes>1",
	};
	struct condition condition;
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		text = wrong[i];
		if (!condition_parse(&text, &condition))
			fail_msg("'%s' was taken", wrong[i]);
		assert_ptr_equal(text, wrong[i]);
	}
}

static void test_holds(void **state)
{
	static const struct {
		const char *relation;
		bool less, equal, more;
	} relations[] = {
		{ ">", false, false, true }, { ">=", false, true, true },
		{ "<", true, false, false }, { "<=", true, true, false },
		{ "=", false, true, false },
	};
	struct condition condition = { .limit = 10 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		strcpy(condition.relation, relations[i].relation);
		assert_int_equal(condition_holds(&condition, 9),
				 relations[i].less);
		assert_int_equal(condition_holds(&condition, 10),
				 relations[i].equal);
		assert_int_equal(condition_holds(&condition, 11),
				 relations[i].more);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_several),
		cmocka_unit_test(test_parse_wrong),
		cmocka_unit_test(test_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
