// SPDX-License-Identifier: GPL-2.0-or-later
/* Patterns match bytes, whatever the locale. */
#include "util/glob.h"
#include "tests/unit/unit.h"

#include <locale.h>

static void test_patterns(void **state)
{
	(void)state;
	assert_true(glob_matches("sys*", "system"));
	assert_true(glob_matches("s?st[a-f]m", "system"));
	assert_false(glob_matches("sys", "system"));
	assert_true(glob_matches("*", ""));
	assert_true(glob_matches("*", "a/b"));
	assert_true(glob_matches("*", ".a"));
}

static void test_bytes(void **state)
{
	(void)state;
	assert_true(glob_matches("caf\303\251", "caf\303\251"));
	assert_false(glob_matches("caf?", "caf\303\251"));
	assert_true(glob_matches("caf??", "caf\303\251"));
	assert_false(glob_matches("caf[[:alpha:]]*", "caf\303\251"));
	/* Half a letter is a byte, too. */
	assert_true(glob_matches("caf?", "caf\303"));
	assert_true(glob_matches("caf\303*", "caf\303\251"));
}

static void test_locale_stays(void **state)
{
	(void)state;
	assert_string_equal(setlocale(LC_ALL, NULL), "C.UTF-8");
	(void)glob_matches("a", "a");
	assert_true(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_locale_stays),
	};

	if (!setlocale(LC_ALL, "C.UTF-8"))
		return EXIT_FAILURE;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
