// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/message.h"
#include "tests/unit/unit.h"

#include "tests/unit/ui/stderr.h"

static bool no_memory;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
int __real_vasprintf(char **to, const char *format, va_list args);
int __wrap_vasprintf(char **to, const char *format, va_list args);

void *__wrap_malloc(size_t size)
{
	return no_memory ? NULL : __real_malloc(size);
}

int __wrap_vasprintf(char **to, const char *format, va_list args)
{
	return no_memory ? -1 : __real_vasprintf(to, format, args);
}

static void test_one_line(void **state)
{
	(void)state;
	assert_says("prog: 3 of 4\n", message("%d of %d", 3, 4));
	assert_says("prog: out of memory\n", message_no_memory());
}

static void test_parts(void **state)
{
	(void)state;
	assert_says("prog: file\n", message_failure("file", NULL, NULL));
	assert_says("prog: file\n", message_failure("file", "", ""));
	assert_says("prog: file: broken\n",
		    message_failure("file", "broken", NULL));
	assert_says("prog: file: broken; mend it\n",
		    message_failure("file", "broken", "mend it"));
	assert_says("prog: file; mend it\n",
		    message_failure("file", NULL, "mend it"));
}

static void test_usage(void **state)
{
	(void)state;
	assert_says("prog: no 'x'; see 'prog --help'\n",
		    message_usage(NULL, "no '%s'", "x"));
	assert_says("prog: no 'x'; see 'prog list --help'\n",
		    message_usage("list", "no '%s'", "x"));
}

static void test_unknown(void **state)
{
	(void)state;
	assert_says(
		"prog: no 'x'; did you mean 'y'?\n",
		message_unknown("list", "did you mean 'y'?", "no '%s'", "x"));
	assert_says("prog: no 'x'; see 'prog list --help'\n",
		    message_unknown("list", "", "no '%s'", "x"));
}

static void test_gap(void **state)
{
	(void)state;
	assert_says("prog: not complete: names: cut\n",
		    message_gap(0, "names", "cut", NULL));
	assert_says("prog: not complete: 7 names: cut; read again\n",
		    message_gap(7, "names", "cut", "read again"));
}

/* Whatever is shown does nothing to a terminal, and stays on one line. */
static void test_hostile_bytes(void **state)
{
	char text[] = "a?b", expected[64];
	int c;

	(void)state;
	for (c = 1; c < 256; c++) {
		text[1] = c;
		snprintf(expected, sizeof(expected), "prog: a\\x%02xb: \\x0a\n",
			 c);
		if (c == '\\')
			strcpy(expected, "prog: a\\\\b: \\x0a\n");
		else if (c >= ' ' && c < 0x7f)
			snprintf(expected, sizeof(expected),
				 "prog: a%cb: \\x0a\n", c);
		assert_says(expected, message_failure(text, "\n", NULL));
	}
}

static void test_any_length(void **state)
{
	char *text = malloc(100001);
	struct said *said;

	(void)state;
	memset(text, 'x', 100000);
	text[100000] = 0;
	said = said_begin();
	message_usage(NULL, "%s", text);
	fflush(stderr);
	assert_int_equal(said->size,
			 strlen("prog: ; see 'prog --help'\n") + 100000);
	stderr = said->saved;
	fclose(said->file);
	free(said->text);
	free(text);
}

/* A message of usual length is whole; a long one begins as it would. */
static void test_no_memory_is_needed(void **state)
{
	static const char begins[] = "prog: no 'x'; see 'prog list --help'\n"
				     "prog: file\\x0a: broken; mend it\n"
				     "prog: \\x1b\\x1b";
	char text[2000];
	struct said *said;

	(void)state;
	memset(text, '\033', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	said = said_begin();
	no_memory = true;
	message_usage("list", "no '%s'", "x");
	message_failure("file\n", "broken", "mend it");
	message("%s", text);
	message_usage(NULL, "%s", text);
	no_memory = false;
	fflush(stderr);
	assert_memory_equal(said->text, begins, sizeof(begins) - 1);
	assert_non_null(strstr(said->text, "\\x1b...\nprog: \\x1b"));
	assert_string_equal(said->text + said->size - 8, "\\x1b...\n");
	stderr = said->saved;
	fclose(said->file);
	free(said->text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_hostile_bytes),
		cmocka_unit_test(test_any_length),
		cmocka_unit_test(test_no_memory_is_needed),
	};

	message_set_program("prog");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
