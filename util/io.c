// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/io.h"

#include <errno.h>
#include <unistd.h>

ssize_t read_retry(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, buf, size);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	return n < 0 ? -errno : n;
}
