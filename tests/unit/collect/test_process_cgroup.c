// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/process_cgroup.h"
#include "tests/unit/unit.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{ "0::/init.scope\n", "/init.scope" },
		{ "0::/", "/" },
		{ "1:name=systemd:/user\n0::/unified\n", "/unified" },
		{ "4:memory:/a\n1:name=systemd:/user\n", "/user" },
		/* A path that looks like a hierarchy. */
		{ "4:memory:/0::/a\n0::/b\n", "/b" },
		{ "4:memory:/0::/a\n", NULL },
		{ "4:memory:/a:name=systemd:/x\n1:name=systemd:/b\n", "/b" },
		{ "4:memory:/a:name=systemd:/x\n", NULL },
		{ "1:name=systemd:/a:b::/c\n", "/a:b::/c" },
		{ "name=systemd:/a\n:name=systemd:/a\n", NULL },
		{ "", NULL },
	};
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(path, "untouched");
		assert_int_equal(
			process_parse_cgroup(cases[i].text, path, sizeof(path)),
			!!cases[i].path);
		assert_string_equal(path, cases[i].path ?: "untouched");
	}
}

static void test_long_path_is_cut(void **state)
{
	char path[8];

	(void)state;
	assert_true(
		process_parse_cgroup("0::/123456789\n", path, sizeof(path)));
	assert_string_equal(path, "/123456");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_long_path_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
