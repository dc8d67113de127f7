// SPDX-License-Identifier: GPL-2.0-or-later
/* What openat2(2) and the walk open below a folder: the same. */
#include <limits.h>

#include "tests/unit/unit.h"
#include "util/resolve.h"

static char *tree;

static int opened_root(void)
{
	char path[256];
	int root;

	snprintf(path, sizeof(path), "%s/root", tree);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(root >= 0);
	return root;
}

static void add(const char *path)
{
	unit_tree_add(tree, path, path, strlen(path));
}

static void add_link(const char *path, const char *target)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", tree, path);
	assert_int_equal(symlink(target, full), 0);
}

static int setup(void **state)
{
	static const char *const links[][2] = {
		{ "root/absolute", "/a/b/file" },
		{ "root/relative", "a/b/file" },
		{ "root/a/b/back", "../../top" },
		{ "root/a/b/far", "../../../../../../../../top" },
		{ "root/folder", "/a/b" },
		{ "root/twice", "folder/back" },
		{ "root/slashes", "//a///b//./file" },
		{ "root/out", "../outside" },
		{ "root/passwd", "/etc/passwd" },
		{ "root/loop", "loop" },
		{ "root/ping", "pong" },
		{ "root/pong", "ping" },
		{ "root/all", "/" },
	};
	size_t i;

	(void)state;
	tree = unit_tree();
	add("outside");
	add("root/top");
	add("root/a/b/file");
	for (i = 0; i < ARRAY_SIZE(links); i++)
		add_link(links[i][0], links[i][1]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_tree_free(tree);
	return 0;
}

/* Each file has its path as content. */
static void check_content(int fd, const char *content)
{
	char text[64] = "";

	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, content);
}

typedef int opener(int root, const char *path, int flags);

static void check_files(opener *open_below, int root)
{
	static const char *const cases[][2] = {
		{ "top", "root/top" },
		{ "a/b/file", "root/a/b/file" },
		{ "a//b/./file", "root/a/b/file" },
		{ "/a/b/file", "root/a/b/file" },
		{ "a/../a/b/../b/file", "root/a/b/file" },
		{ "../../../../top", "root/top" },
		{ "absolute", "root/a/b/file" },
		{ "relative", "root/a/b/file" },
		{ "a/b/back", "root/top" },
		{ "a/b/far", "root/top" },
		{ "folder/file", "root/a/b/file" },
		{ "twice", "root/top" },
		{ "slashes", "root/a/b/file" },
		{ "all/all/top", "root/top" },
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fd = open_below(root, cases[i][0], O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fail_msg("'%s': %d", cases[i][0], fd);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		check_content(fd, cases[i][1]);
		close(fd);
	}
}

static void check_folders(opener *open_below, int root)
{
	static const char *const cases[] = { ".",    "folder", "a/",
					     "a/..", "..",     "all/all" };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fd = open_below(root, cases[i], O_PATH | O_DIRECTORY);
		if (fd < 0)
			fail_msg("'%s': %d", cases[i], fd);
		close(fd);
	}
	assert_int_equal(open_below(root, "top", O_DIRECTORY), -ENOTDIR);
	assert_int_equal(open_below(root, "absolute", O_DIRECTORY), -ENOTDIR);
}

static void check_errors(opener *open_below, int root)
{
	static const struct {
		const char *path;
		int err;
	} cases[] = {
		{ "out", -ENOENT },	{ "../outside", -ENOENT },
		{ "passwd", -ENOENT },	{ "loop", -ELOOP },
		{ "ping/x", -ELOOP },	{ "none", -ENOENT },
		{ "none/x", -ENOENT },	{ "", -ENOENT },
		{ "top/x", -ENOTDIR },	{ "top/", -ENOTDIR },
		{ "top/..", -ENOTDIR },
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fd = open_below(root, cases[i].path, O_RDONLY);
		if (fd != cases[i].err)
			fail_msg("'%s': %d", cases[i].path, fd);
	}
}

static void check_cases(opener *open_below)
{
	int root = opened_root();

	check_files(open_below, root);
	check_folders(open_below, root);
	check_errors(open_below, root);
	close(root);
}

/* 40 links, as in the kernel, and no descriptor is left open. */
static void check_limits(opener *open_below)
{
	int root = opened_root(), free_fd = dup(root), fd, i;
	char name[64], target[64], path[PATH_MAX + 2];

	close(free_fd);
	for (i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "root/link%d", i);
		snprintf(target, sizeof(target), "link%d", i - 1);
		add_link(name, i == 1 ? "top" : target);
	}
	fd = open_below(root, "link40", O_RDONLY);
	check_content(fd, "root/top");
	close(fd);
	assert_int_equal(open_below(root, "link41", O_RDONLY), -ELOOP);

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_int_equal(open_below(root, path, O_RDONLY), -ENAMETOOLONG);
	path[300] = 0;
	assert_int_equal(open_below(root, path, O_RDONLY), -ENAMETOOLONG);
	assert_int_equal(dup(root), free_fd);
	close(free_fd);
	close(root);
}

/* A magic link leads to a file, not to a path: out of the root. */
static void check_magic(opener *open_below)
{
	int root = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	fd = open_below(root, "self/exe", O_RDONLY);
	assert_true(fd == -ELOOP || fd == -ENOENT);
	fd = open_below(root, "self/comm", O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
	close(root);
}

static bool has_openat2(void)
{
	int fd = resolve_openat2(AT_FDCWD, ".", O_PATH);

	if (fd < 0)
		return fd != -ENOSYS && fd != -EPERM;
	close(fd);
	return true;
}

static void test_openat2(void **state)
{
	(void)state;
	if (!has_openat2())
		skip();
	check_cases(resolve_openat2);
	check_limits(resolve_openat2);
	check_magic(resolve_openat2);
}

static void test_walk(void **state)
{
	(void)state;
	check_cases(resolve_walk);
	check_limits(resolve_walk);
	check_magic(resolve_walk);
}

static void test_either(void **state)
{
	(void)state;
	check_cases(resolve_open);
}

/* The walk keeps each folder open, so it has a limit. */
static void test_walk_deep(void **state)
{
	char path[256] = "", file[160];
	int root, i;

	(void)state;
	for (i = 0; i < 70; i++)
		strcat(path, "d/");
	root = opened_root();
	for (i = 0; i < 70; i++) {
		snprintf(file, sizeof(file), "root/%.*sx", i * 2, path);
		add(file);
	}
	assert_int_equal(resolve_walk(root, path, O_PATH), -ENAMETOOLONG);
	path[2 * 64] = 0;
	i = resolve_walk(root, path, O_PATH);
	assert_true(i >= 0);
	close(i);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_openat2),
		TEST(test_walk),
		TEST(test_either),
		TEST(test_walk_deep),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
