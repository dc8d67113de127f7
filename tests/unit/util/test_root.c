// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/root.h"

static void test_live(void **state)
{
	(void)state;
	assert_true(root_is_live(&(struct root){ "/" }));
	assert_false(root_is_live(&(struct root){ "/tmp" }));
	assert_false(root_is_live(&(struct root){ "." }));
	assert_false(root_is_live(&(struct root){ "" }));
}

static void test_open(void **state)
{
	struct root root = { unit_tree() }, none = { "/nonexistent" };
	char file[256];
	int fd;

	(void)state;
	unit_tree_add(root.dir, "proc/sys/x", "data\n", 5);
	fd = root_open(&root, "proc/sys/x");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	close(fd);

	assert_int_equal(root_open(&root, "proc/sys/y"), -ENOENT);
	assert_int_equal(root_open(&none, "proc/sys/x"), -ENOENT);
	snprintf(file, sizeof(file), "%s/proc/sys/x", root.dir);
	assert_int_equal(root_open(&(struct root){ file }, "x"), -ENOTDIR);
	unit_tree_free((char *)root.dir);
}

static void test_read_line(void **state)
{
	static const struct {
		const char *data;
		size_t size;
		const char *line;
	} cases[] = {
		{ "6.1.0\n", 6, "6.1.0" },
		{ "6.1.0", 5, "6.1.0" },
		{ "first\nsecond\n", 13, "first" },
		{ "\nsecond\n", 8, "" },
		{ "", 0, "" },
		{ "a\0b\n", 4, "a" },
		{ "1234567", 7, "1234567" },
		{ "12345678", 8, "1234567" }, /* cut */
		{ "123456789\n", 10, "1234567" },
	};
	struct root root = { unit_tree() };
	char buf[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unit_tree_add(root.dir, "line", cases[i].data, cases[i].size);
		memset(buf, 'x', sizeof(buf));
		assert_int_equal(
			root_read_line(&root, "line", buf, sizeof(buf)), 0);
		assert_string_equal(buf, cases[i].line);
	}
	assert_int_equal(root_read_line(&root, "none", buf, sizeof(buf)),
			 -ENOENT);
	assert_int_equal(root_read_line(&root, ".", buf, sizeof(buf)), -EISDIR);
	unit_tree_free((char *)root.dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_read_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
