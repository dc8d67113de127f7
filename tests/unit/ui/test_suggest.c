// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/suggest.h"
#include "tests/unit/unit.h"

static const char *const names[] = { "summary", "list",	       "ps",
				     "show",	"shared",      "leaks",
				     "heaps",	"kernel_only", NULL };

static void expect(const char *word, const char *expected)
{
	struct suggestion near;
	char hint[SUGGEST_HINT];
	size_t i;

	suggest_begin(&near, word, strlen(word));
	for (i = 0; names[i]; i++)
		suggest_try(&near, names[i]);
	assert_string_equal(suggest_hint(&near, "", hint), expected);
}

static void test_one_error(void **state)
{
	(void)state;
	expect("lits", "did you mean 'list'?"); /* swapped */
	expect("lis", "did you mean 'list'?"); /* dropped */
	expect("lists", "did you mean 'list'?"); /* added */
	expect("lost", "did you mean 'list'?"); /* changed */
	expect("sp", "did you mean 'ps'?");
}

static void test_more_errors(void **state)
{
	(void)state;
	expect("sumary", "did you mean 'summary'?");
	expect("sahred", "did you mean 'shared'?");
	expect("kernelonyl", "did you mean 'kernel_only'?");
	expect("LIST", "did you mean 'list'?");
	expect("List", "did you mean 'list'?");
}

static void test_the_nearest(void **state)
{
	static const char *const near[] = { "exporxyr", "exportxr", "exporter",
					    "exportir" };
	struct suggestion suggestion;
	char hint[SUGGEST_HINT];
	size_t i;

	(void)state;
	expect("leak", "did you mean 'leaks'?");
	expect("heap", "did you mean 'heaps'?");
	suggest_begin(&suggestion, "exporters", 9);
	for (i = 0; i < ARRAY_SIZE(near); i++)
		suggest_try(&suggestion, near[i]);
	assert_string_equal(suggest_hint(&suggestion, "", hint),
			    "did you mean 'exporter'?");
}

static void test_none(void **state)
{
	struct suggestion near;
	char hint[SUGGEST_HINT];

	(void)state;
	expect("", "");
	expect("-", "");
	expect("x", "");
	expect("frobnicate", "");
	expect("qq", "");
	expect("hold", ""); /* two errors of four letters */
	expect("pxy", ""); /* as far from "ps" as from any two letters */
	expect("\xff\xff\xff\xff", "");
	/* One letter instead of another is another name. */
	suggest_begin(&near, "x", 1);
	suggest_try(&near, "y");
	assert_string_equal(suggest_hint(&near, "", hint), "");
}

static void test_prefix(void **state)
{
	struct suggestion near;
	char hint[SUGGEST_HINT];

	(void)state;
	suggest_begin(&near, "jsno=1", 4);
	suggest_try(&near, "json");
	assert_string_equal(suggest_hint(&near, "--", hint),
			    "did you mean '--json'?");
}

/* Names of any length are compared, or not at all. */
static void test_long_names(void **state)
{
	char word[512], hint[SUGGEST_HINT];
	struct suggestion near;
	size_t n;

	(void)state;
	for (n = 100; n < sizeof(word); n++) {
		memset(word, 'x', n);
		word[n] = 0;
		suggest_begin(&near, word, n);
		suggest_try(&near, word);
		suggest_try(&near, word + 1);
		suggest_hint(&near, "--", hint);
		assert_int_equal(!!hint[0], n < sizeof(near.name) ||
						    n - 1 < sizeof(near.name));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_error),
		cmocka_unit_test(test_more_errors),
		cmocka_unit_test(test_the_nearest),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
