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

/* In a recorded tree, links stay in it, and only regular files are read. */
static void test_other_than_files(void **state)
{
	struct sysroot sysroot = { unit_tree() };
	char path[256];
	int listener;

	(void)state;
	unit_tree_add(sysroot.dir, "etc/data", "data\n", 5);
	snprintf(path, sizeof(path), "%s/link", sysroot.dir);
	assert_int_equal(symlink("/etc/data", path), 0);
	listener = sysroot_open(&sysroot, "link");
	assert_true(listener >= 0);
	close(listener);
	snprintf(path, sizeof(path), "%s/out", sysroot.dir);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(sysroot_open(&sysroot, "out"), -ENOENT);
	assert_false(sysroot_has(&sysroot, "out"));
	assert_true(sysroot_has(&sysroot, "link"));

	snprintf(path, sizeof(path), "%s/fifo", sysroot.dir);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(sysroot_open(&sysroot, "fifo"), -EMEDIUMTYPE);
	assert_true(sysroot_has(&sysroot, "fifo"));
	assert_int_equal(sysroot_open(&sysroot, "etc"), -EISDIR);
	assert_string_equal(sysroot_strerror(-EMEDIUMTYPE),
			    "not a regular file");
	snprintf(path, sizeof(path), "%s/socket", sysroot.dir);
	assert_int_equal(mknod(path, S_IFSOCK | 0644, 0), 0);
	assert_int_equal(sysroot_open(&sysroot, "socket"), -ENXIO);
	snprintf(path, sizeof(path), "%s/zero", sysroot.dir);
	if (!mknod(path, S_IFCHR | 0644, 0x105))
		assert_int_equal(sysroot_open(&sysroot, "zero"), -EMEDIUMTYPE);
	unit_tree_free((char *)sysroot.dir);
}

static void test_too_large(void **state)
{
	struct sysroot sysroot = { unit_tree() };
	char path[256];

	(void)state;
	unit_tree_add(sysroot.dir, "large", "data\n", 5);
	snprintf(path, sizeof(path), "%s/large", sysroot.dir);
	assert_int_equal(truncate(path, SYSROOT_FILE_MAX + 1LL), 0);
	assert_int_equal(sysroot_open(&sysroot, "large"), -EFBIG);
	assert_int_equal(truncate(path, 1LL << 40), 0);
	assert_int_equal(sysroot_open(&sysroot, "large"), -EFBIG);
	assert_int_equal(sysroot_open_whole(&sysroot, SYSROOT_TOP, "large"),
			 -EFBIG);
	assert_string_equal(sysroot_strerror(-EFBIG), "larger than 256 MiB");
	unit_tree_free((char *)sysroot.dir);
}

/* Its owner may change a file of a tree at any time. */
static void test_copy(void **state)
{
	struct sysroot sysroot = { unit_tree() };
	char text[16] = "";
	FILE *file;
	int fd;

	(void)state;
	unit_tree_add(sysroot.dir, "file", "data\n", 5);
	fd = sysroot_open_whole(&sysroot, SYSROOT_TOP, "file");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(sysroot_fopen(&sysroot, SYSROOT_TOP, "file", &file),
			 0);
	unit_tree_add(sysroot.dir, "file", "longer text\n", 12);
	assert_int_equal(read(fd, text, sizeof(text)), 5);
	assert_string_equal(text, "data\n");
	assert_non_null(fgets(text, sizeof(text), file));
	assert_string_equal(text, "data\n");
	fclose(file);
	close(fd);
	unit_tree_free((char *)sysroot.dir);
}

static void test_absence(void **state)
{
	const struct sysroot live = { "/" }, tree = { "/tree" };

	(void)state;
	assert_int_equal(sysroot_absence(&live, 0), ABSENCE_ERROR);
	assert_int_equal(sysroot_absence(&tree, 0), ABSENCE_ERROR);
	assert_int_equal(sysroot_absence(&live, -ENOENT), ABSENCE_GONE);
	assert_int_equal(sysroot_absence(&tree, -ENOENT), ABSENCE_UNRECORDED);
	assert_int_equal(sysroot_absence(&live, -ESRCH), ABSENCE_GONE);
	assert_int_equal(sysroot_absence(&live, -EACCES), ABSENCE_DENIED);
	assert_int_equal(sysroot_absence(&tree, -EACCES), ABSENCE_DENIED);
	assert_int_equal(sysroot_absence(&live, -ELOOP), ABSENCE_ERROR);
	assert_int_equal(sysroot_absence(&tree, -ELOOP), ABSENCE_UNRECORDED);
	assert_int_equal(sysroot_absence(&tree, -EMFILE), ABSENCE_ERROR);
	assert_int_equal(sysroot_absence(&tree, -ENOMEM), ABSENCE_ERROR);
	assert_int_equal(sysroot_absence(&tree, -EIO), ABSENCE_ERROR);
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
		cmocka_unit_test(test_other_than_files),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_absence),
		cmocka_unit_test(test_read_line),
		cmocka_unit_test(test_kernel_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
