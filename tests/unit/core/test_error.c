// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/error.h"
#include "tests/unit/unit.h"

static void test_set(void **state)
{
	struct dmabuf_error error = { .hint = "of the one before" };

	(void)state;
	assert_int_equal(error_set(&error, -EPERM, "%s: %d", "file", 7),
			 -EPERM);
	assert_int_equal(error.err, -EPERM);
	assert_string_equal(error.text, "file: 7");
	assert_string_equal(error.hint, "");
}

static void test_no_memory(void **state)
{
	struct dmabuf_error error = { .hint = "of the one before" };

	(void)state;
	assert_int_equal(error_no_memory(&error), -ENOMEM);
	assert_int_equal(error.err, -ENOMEM);
	assert_string_equal(error.text, "out of memory");
	assert_string_equal(error.hint, "");
}

static void test_hint(void **state)
{
	struct dmabuf_error error = {};

	(void)state;
	error_set(&error, -ENOENT, "not there");
	assert_int_equal(error_hint(&error, "make %s", "it"), -ENOENT);
	assert_string_equal(error.text, "not there");
	assert_string_equal(error.hint, "make it");
}

/* Root is not told to become root. */
static void test_capability(void **state)
{
	struct dmabuf_error error = {};
	const uid_t oneself = geteuid();

	(void)state;
	error_set(&error, -EPERM, "not permitted");
	if (!oneself) {
		assert_int_equal(error_hint_capability(&error, "CAP_SYSLOG"),
				 -EPERM);
		assert_string_equal(error.hint,
				    "root lacks CAP_SYSLOG here: have it added "
				    "to this container or service");
		assert_return_code(seteuid(65534), errno);
	}
	assert_int_equal(error_hint_capability(&error, "CAP_SYSLOG"), -EPERM);
	assert_string_equal(error.hint, "run as root, or grant CAP_SYSLOG");
	assert_return_code(seteuid(oneself), errno);
}

static void test_long_ones_are_cut(void **state)
{
	struct dmabuf_error error;
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	memset(&error, 'y', sizeof(error));
	error_set(&error, -EIO, "%s", text);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	assert_string_equal(error.hint, "");
	error_hint(&error, "%s", text);
	assert_int_equal(strlen(error.hint), sizeof(error.hint) - 1);
	assert_int_equal(error.err, -EIO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_capability),
		cmocka_unit_test(test_long_ones_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
