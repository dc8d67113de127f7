// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/error.h"
#include "tests/unit/unit.h"

static void test_set(void **state)
{
	struct dmabuf_why why = { .cure = "of the one before" };

	(void)state;
	assert_int_equal(why_set(&why, -EPERM, "%s: %d", "file", 7), -EPERM);
	assert_int_equal(why.err, -EPERM);
	assert_string_equal(why.text, "file: 7");
	assert_string_equal(why.cure, "");
}

static void test_cure(void **state)
{
	struct dmabuf_why why = {};

	(void)state;
	why_set(&why, -ENOENT, "not there");
	assert_int_equal(why_cure(&why, "make %s", "it"), -ENOENT);
	assert_string_equal(why.text, "not there");
	assert_string_equal(why.cure, "make it");
}

static void test_long_ones_are_cut(void **state)
{
	struct dmabuf_why why;
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	memset(&why, 'y', sizeof(why));
	why_set(&why, -EIO, "%s", text);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	assert_string_equal(why.cure, "");
	why_cure(&why, "%s", text);
	assert_int_equal(strlen(why.cure), sizeof(why.cure) - 1);
	assert_int_equal(why.err, -EIO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_cure),
		cmocka_unit_test(test_long_ones_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
