// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/sysroot.h"

static void test_live(void **state)
{
	(void)state;
	assert_true(sysroot_is_live(&(struct sysroot){ "/" }));
	assert_false(sysroot_is_live(&(struct sysroot){ "/tmp" }));
	assert_false(sysroot_is_live(&(struct sysroot){ "." }));
	assert_false(sysroot_is_live(&(struct sysroot){ "" }));
}

static void test_open(void **state)
{
	struct sysroot sysroot = { unit_tree() }, none = { "/nonexistent" };
	char file[256];
	int fd;

	(void)state;
	unit_tree_add(sysroot.dir, "proc/sys/x", "data\n", 5);
	fd = sysroot_open(&sysroot, "proc/sys/x");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	close(fd);

	assert_int_equal(sysroot_open(&sysroot, "proc/sys/y"), -ENOENT);
	assert_int_equal(sysroot_open(&none, "proc/sys/x"), -ENOENT);
	snprintf(file, sizeof(file), "%s/proc/sys/x", sysroot.dir);
	assert_int_equal(sysroot_open(&(struct sysroot){ file }, "x"),
			 -ENOTDIR);
	unit_tree_free((char *)sysroot.dir);
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
	struct sysroot sysroot = { unit_tree() };
	char buf[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unit_tree_add(sysroot.dir, "line", cases[i].data,
			      cases[i].size);
		memset(buf, 'x', sizeof(buf));
		assert_int_equal(
			sysroot_read_line(&sysroot, "line", buf, sizeof(buf)),
			0);
		assert_string_equal(buf, cases[i].line);
	}
	assert_int_equal(sysroot_read_line(&sysroot, "none", buf, sizeof(buf)),
			 -ENOENT);
	assert_int_equal(sysroot_read_line(&sysroot, ".", buf, sizeof(buf)),
			 -EISDIR);
	unit_tree_free((char *)sysroot.dir);
}

static void test_kernel_release(void **state)
{
	const struct sysroot sysroot = { unit_tree() };
	char buf[8] = "xyz";

	(void)state;
	sysroot_kernel_release(&sysroot, buf, sizeof(buf));
	assert_string_equal(buf, "");
	unit_tree_add(sysroot.dir, "proc/sys/kernel/osrelease", "7.3.4\n", 6);
	sysroot_kernel_release(&sysroot, buf, sizeof(buf));
	assert_string_equal(buf, "7.3.4");
	unit_tree_free((char *)sysroot.dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_read_line),
		cmocka_unit_test(test_kernel_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
