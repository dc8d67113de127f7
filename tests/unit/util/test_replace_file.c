// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <signal.h>

#include "tests/unit/unit.h"
#include "util/replace_file.h"

static char *tree;
static char path[256];

static int setup(void **state)
{
	(void)state;
	tree = unit_tree();
	snprintf(path, sizeof(path), "%s/file", tree);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_tree_free(tree);
	return 0;
}

/* Opens @path, and writes "new" to it. */
static struct replace_file begin(void)
{
	struct replace_file file = REPLACE_FILE_INIT;

	assert_int_equal(replace_file_open(&file, path), 0);
	assert_int_equal(write(file.fd, "new", 3), 3);
	return file;
}

/* The folder has @files files, and @path has @text and @mode. */
static void check(int files, const char *text, mode_t mode)
{
	char bytes[8] = "";
	struct stat st;
	DIR *dir = opendir(tree);
	int fd;

	for (files += 2; readdir(dir); files--)
		;
	closedir(dir);
	assert_int_equal(files, 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof(bytes) - 1) >= 0);
	assert_string_equal(bytes, text);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	close(fd);
}

static void test_new_file(void **state)
{
	mode_t mask = umask(026);
	struct replace_file file = begin();

	(void)state;
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(replace_file_commit(&file), 0);
	replace_file_fini(&file);
	check(1, "new", 0640);
	umask(mask);
}

/* Nobody else may read the new bytes if nobody else may read the old ones. */
static void test_private_file(void **state)
{
	struct replace_file file;
	struct stat st;

	(void)state;
	unit_tree_add(tree, "file", "old", 3);
	assert_int_equal(chmod(path, 0600), 0);
	file = begin();
	assert_int_equal(fstat(file.fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	check(2, "old", 0600);
	assert_int_equal(replace_file_commit(&file), 0);
	replace_file_fini(&file);
	check(1, "new", 0600);
}

static void test_no_set_user_id(void **state)
{
	struct replace_file file;

	(void)state;
	unit_tree_add(tree, "file", "old", 3);
	assert_int_equal(chmod(path, 06755), 0);
	file = begin();
	assert_int_equal(replace_file_commit(&file), 0);
	replace_file_fini(&file);
	check(1, "new", 0755);
}

static volatile sig_atomic_t caught;

static void catch (int number)
{
	caught = number;
}

/* Without a commit, and with a signal that would end the program. */
static void test_given_up(void **state)
{
	struct replace_file file;

	(void)state;
	unit_tree_add(tree, "file", "old", 3);
	signal(SIGQUIT, catch);
	file = begin();
	raise(SIGQUIT);
	assert_int_equal(caught, 0);
	replace_file_fini(&file);
	assert_int_equal(caught, SIGQUIT);
	check(1, "old", 0644);
}

/* The folder is renamed, and another one is in its place. */
static void test_folder_moves(void **state)
{
	struct replace_file file;
	char moved[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/folder/file", tree);
	snprintf(moved, sizeof(moved), "%s/moved", tree);
	unit_tree_add(tree, "folder/file", "old", 3);
	file = begin();
	path[strlen(tree) + strlen("/folder")] = 0;
	assert_int_equal(rename(path, moved), 0);
	unit_tree_add(tree, "folder/file", "other", 5);
	assert_int_equal(replace_file_commit(&file), 0);
	replace_file_fini(&file);

	snprintf(path, sizeof(path), "%s/folder/file", tree);
	check(2, "other", 0644);
	snprintf(path, sizeof(path), "%s/moved/file", tree);
	check(2, "new", 0644);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_private_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_set_user_id, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_given_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folder_moves, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
