// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/cleanup.h"

static int closed_on_leaving(void)
{
	_cleanup_close_ int fd = -1;

	fd = unit_file("", 0);
	errno = EXDEV;
	return fd;
}

static void test_close(void **state)
{
	int fd;

	(void)state;
	fd = closed_on_leaving();
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(errno, EBADF);
}

static int taken(void)
{
	_cleanup_close_ int fd = -1;

	fd = unit_file("", 0);
	return take_fd(&fd);
}

static void test_take_fd(void **state)
{
	int fd = taken();

	(void)state;
	assert_true(fcntl(fd, F_GETFD) >= 0);
	assert_int_equal(close(fd), 0);
}

static char *taken_string(void)
{
	_cleanup_free_ char *s = strdup("kept");
	_cleanup_free_ char *gone = strdup("freed");
	char *ret = take_ptr(s);

	assert_null(s);
	assert_non_null(gone);
	return ret;
}

static void test_take_ptr(void **state)
{
	char *s = taken_string();

	(void)state;
	assert_string_equal(s, "kept");
	free(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_take_fd),
		cmocka_unit_test(test_take_ptr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
