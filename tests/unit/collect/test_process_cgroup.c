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
		/* With both, systemd uses its own, and Docker no other. */
		{ "1:name=systemd:/user\n0::/unified\n", "/user" },
		{ "1:name=systemd:/\n0::/unified\n", "/unified" },
		{ "12:memory:/c\n1:name=systemd:/\n0::/\n", "/c" },
		{ "2:cpu:/docker/c\n1:cpuset:/docker/d\n", "/docker/c" },
		{ "1:name=openrc:/x\n0::/y\n", "/y" },
		{ "1:name=systemd.x:/x\n0::/y\n", "/y" },
		{ "4:memory:/a\n1:name=systemd:/user\n", "/user" },
		/* A path that looks like a hierarchy. */
		{ "4:memory:/0::/a\n0::/b\n", "/b" },
		{ "4:memory:/0::/a\n", "/0::/a" },
		{ "4:memory:/a:name=systemd:/x\n1:name=systemd:/b\n", "/b" },
		{ "4:memory:/a:name=systemd:/x\n", "/a:name=systemd:/x" },
		{ "4:memory\n5:cpu\n", NULL },
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
