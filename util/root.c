// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/root.h"

bool root_is_live(const struct root *root)
{
	return !strcmp(root->dir, "/");
}

int root_open(const struct root *root, const char *path)
{
	_cleanup_close_ int dir = -1;
	int fd;

	dir = open(root->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int root_read_line(const struct root *root, const char *path, char *buf,
		   size_t size)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	fd = root_open(root, path);
	if (fd < 0)
		return fd;
	do {
		n = read(fd, buf, size - 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	buf[n] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return 0;
}
