// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that have nothing to read yet. */
#include "util/io.h"

#include <poll.h>

#include "tests/unit/unit.h"

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
int __wrap_poll(struct pollfd *files, nfds_t n, int timeout);

static int writer = -1, reads, waits;

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	/* Without this, a loop that does not wait would never end. */
	if (++reads > 10)
		fail_msg("read() is called again and again");
	return __real_read(fd, buf, size);
}

/* What it waits for happens meanwhile. */
int __wrap_poll(struct pollfd *files, nfds_t n, int timeout)
{
	assert_int_equal(n, 1);
	assert_int_equal(files[0].events, POLLIN);
	assert_int_equal(timeout, -1);
	waits++;
	assert_int_equal(write(writer, "x", 1), 1);
	return 1;
}

static void test_waits_for_a_pipe(void **state)
{
	int ends[2];
	char c = 0;

	(void)state;
	reads = waits = 0;
	assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
	writer = ends[1];
	assert_int_equal(read_retry(ends[0], &c, 1), 1);
	assert_int_equal(c, 'x');
	assert_int_equal(waits, 1);
	assert_int_equal(reads, 2);
	close(ends[1]);
	assert_int_equal(read_retry(ends[0], &c, 1), 0);
	close(ends[0]);
}

static void test_passes_errors_on(void **state)
{
	char c;

	(void)state;
	reads = waits = 0;
	assert_int_equal(read_retry(-1, &c, 1), -EBADF);
	assert_int_equal(reads, 1);
	assert_int_equal(waits, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits_for_a_pipe),
		cmocka_unit_test(test_passes_errors_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
