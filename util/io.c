// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/io.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/*
 * Waits until the file may have something: iterators, which ask for another
 * try, are always ready, but a pipe that does not block is not.
 */
static void wait_for(int fd)
{
	struct pollfd file = { .fd = fd, .events = POLLIN };

	(void)poll(&file, 1, -1);
}

ssize_t read_retry(int fd, void *buf, size_t size)
{
	ssize_t n;

	for (;;) {
		n = read(fd, buf, size);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n < 0 ? -errno : n;
		if (errno == EAGAIN)
			wait_for(fd);
	}
}
