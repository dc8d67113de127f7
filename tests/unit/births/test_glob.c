// SPDX-License-Identifier: GPL-2.0-or-later
#include <fnmatch.h>
#include <locale.h>

#include "births/glob.h"
#include "tests/unit/unit.h"
#include "util/glob.h"

/* As the program matches a name. */
static bool matches(const struct track_glob *glob, const char *name)
{
	uint64_t places = 1;

	for (; *name; name++)
		places = (places << 1 & glob->next[(unsigned char)*name]) |
			 (places & glob->stay);
	return places & glob->end;
}

static bool pattern_matches(const char *pattern, const char *name)
{
	struct track_glob glob;

	assert_int_equal(glob_compile(pattern, &glob), 0);
	return matches(&glob, name);
}

static void test_plain(void **state)
{
	(void)state;
	assert_true(pattern_matches("system", "system"));
	assert_false(pattern_matches("system", "system-uncached"));
	assert_false(pattern_matches("system", "syste"));
	assert_true(pattern_matches("sys*", "system"));
	assert_true(pattern_matches("*", ""));
	assert_true(pattern_matches("s?st[a-f]m", "system"));
	assert_false(pattern_matches("s?st[!a-f]m", "system"));
	assert_true(pattern_matches("caf\303\251", "caf\303\251"));
}

/* Every pattern of some letters that mean something, on names of a few. */
static void test_as_fnmatch(void **state)
{
	static const char letters[] = "ab*?[]!^-\\:";
	static const char *const names[] = { "",    "a",  "b",	"ab", "ba",
					     "aab", "*",  "[",	"]",  "[a",
					     "a]",  "[]", "!a", "-",  "\\",
					     "a\\", ":",  "^" };
	char pattern[7] = "";
	size_t i, n;
	long tries;

	(void)state;
	srandom(1);
	for (tries = 0; tries < 300000; tries++) {
		n = 1 + random() % (sizeof(pattern) - 1);
		for (i = 0; i < n; i++)
			pattern[i] = letters[random() % (sizeof(letters) - 1)];
		pattern[n] = 0;
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (pattern_matches(pattern, names[i]) !=
			    !fnmatch(pattern, names[i], 0))
				fail_msg("'%s' on '%s'", pattern, names[i]);
	}
}

static void test_classes(void **state)
{
	static const char *const patterns[] = {
		"[[:alpha:]]*", "[![:digit:]]",	  "[[:digit:]-]*", "[[.a.]]",
		"[[=a=]b]",	"[[:nonsense:]]", "[[:alpha:",	   "[[:]"
	};
	static const char *const names[] = { "a", "7", "ab7", "-1",
					     "b", ":", "[",   "[:alpha:" };
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		for (j = 0; j < ARRAY_SIZE(names); j++)
			if (pattern_matches(patterns[i], names[j]) !=
			    !fnmatch(patterns[i], names[j], 0))
				fail_msg("'%s' on '%s'", patterns[i], names[j]);
}

/* Programs have no locale, and lists match as they do. */
static void test_bytes(void **state)
{
	static const char *const patterns[] = {
		"caf?",	       "caf??",		  "caf\303\251", "caf[!x]",
		"caf[!x][!x]", "caf[[:alpha:]]*", "*\251"
	};
	static const char *const names[] = { "caf\303\251", "caf\303", "cafe" };
	size_t i, j;

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		for (j = 0; j < ARRAY_SIZE(names); j++)
			if (pattern_matches(patterns[i], names[j]) !=
			    glob_matches(patterns[i], names[j]))
				fail_msg("'%s' on '%s'", patterns[i], names[j]);
	(void)setlocale(LC_ALL, "C");
}

static void test_refused(void **state)
{
	char pattern[TRACK_GLOB_LEN + 1] = "";
	struct track_glob glob;

	(void)state;
	memset(pattern, 'x', TRACK_GLOB_LEN);
	assert_int_equal(glob_compile(pattern, &glob), -E2BIG);
	pattern[TRACK_GLOB_LEN - 1] = 0;
	assert_int_equal(glob_compile(pattern, &glob), 0);
	assert_true(matches(&glob, pattern));
	assert_false(matches(&glob, pattern + 1));
	assert_int_equal(glob_compile("[\303\251]", &glob), -EILSEQ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_as_fnmatch),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
