// SPDX-License-Identifier: GPL-2.0-or-later
/* Width, cutting and wrapping of text, in a UTF-8 locale. */
#include <locale.h>

#include "tests/unit/unit.h"
#include "ui/text.h"

#define WIDE	  "\xe6\xbc\xa2" /* two columns */
#define COMBINING "\xcc\x81" /* none */

static void test_width(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{ "", 0 },
		{ "plain", 5 },
		{ "caf\xc3\xa9", 4 },
		{ WIDE WIDE, 4 },
		{ "e" COMBINING, 1 },
		{ "a" WIDE "b", 4 },
		{ "\xf0\x9f\x90\xa7", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
			text_width(cases[i].text, strlen(cases[i].text)),
			cases[i].width);
}

static void test_fit(void **state)
{
	static const struct {
		const char *text;
		size_t width, bytes, columns;
	} cases[] = {
		{ "plain", 0, 0, 0 },
		{ "plain", 3, 3, 3 },
		{ "plain", 5, 5, 5 },
		{ "plain", 9, 5, 5 },
		{ WIDE WIDE, 1, 0, 0 },
		{ WIDE WIDE, 2, 3, 2 },
		{ WIDE WIDE, 3, 3, 2 },
		{ WIDE WIDE, 4, 6, 4 },
		/* A mark stays with its letter. */
		{ "e" COMBINING "x", 1, 3, 1 },
	};
	size_t i, columns;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(text_fit(cases[i].text, strlen(cases[i].text),
					  cases[i].width, &columns),
				 cases[i].bytes);
		assert_int_equal(columns, cases[i].columns);
	}
}

/* All lines of a text, with '|' between them. */
static void check_lines(const char *text, size_t width, char separator,
			const char *wanted)
{
	size_t left = strlen(text), n, next;
	char lines[128] = "", *to = lines;

	do {
		n = text_line(text, left, width, separator, &next);
		to = mempcpy(to, text, n);
		assert_true(next > 0 || !left);
		text += next;
		left -= next;
		*to++ = left ? '|' : 0;
	} while (left);
	assert_string_equal(lines, wanted);
}

static void test_lines_of_prose(void **state)
{
	(void)state;
	check_lines("", 10, ' ', "");
	check_lines("one two three", 13, ' ', "one two three");
	check_lines("one two three", 12, ' ', "one two|three");
	check_lines("one two three", 7, ' ', "one two|three");
	check_lines("one two three", 6, ' ', "one|two|three");
	check_lines("one   two", 4, ' ', "one|two");
	check_lines("mainline has it since", 12, ' ', "mainline has|it since");
	/* A word that is too long is cut, and nothing of it is lost. */
	check_lines("a longword b", 4, ' ', "a|long|word|b");
	check_lines("abcdef", 1, ' ', "a|b|c|d|e|f");
	/* Not even what is wider than a line. */
	check_lines(WIDE WIDE, 1, ' ', WIDE "|" WIDE);
	check_lines(WIDE " " WIDE WIDE, 4, ' ', WIDE "|" WIDE WIDE);
}

static void test_lines_of_lists(void **state)
{
	(void)state;
	check_lines("a:1,b:2,c:3", 11, ',', "a:1,b:2,c:3");
	check_lines("a:1,b:2,c:3", 10, ',', "a:1,b:2,|c:3");
	check_lines("a:1,b:2,c:3", 6, ',', "a:1,|b:2,|c:3");
	check_lines("my app:1,x:2", 9, ',', "my app:1,|x:2");
}

static void check_print(const char *text, size_t width, const char *wanted)
{
	char *shown = NULL;
	size_t size;
	FILE *file = open_memstream(&shown, &size);

	assert_non_null(file);
	text_print(file, text, width);
	fclose(file);
	assert_string_equal(shown, wanted);
	free(shown);
}

static void test_print(void **state)
{
	(void)state;
	check_print("", 10, "\n");
	check_print("one two three", 8, "one two\nthree\n");
	check_print("one\ntwo three four\n five", 9,
		    "one\ntwo three\nfour\n five\n");
	check_print("one two three", 0, "one two three\n");
}

static void test_ellipsis(void **state)
{
	(void)state;
	assert_string_equal(text_ellipsis(), "\xe2\x80\xa6");
	setlocale(LC_ALL, "C");
	assert_string_equal(text_ellipsis(), "...");
	setlocale(LC_ALL, "C.UTF-8");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_lines_of_prose),
		cmocka_unit_test(test_lines_of_lists),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_ellipsis),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
