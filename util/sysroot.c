// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/sysroot.h"

bool sysroot_is_live(const struct sysroot *sysroot)
{
	return !strcmp(sysroot->dir, "/");
}

int sysroot_open(const struct sysroot *sysroot, const char *path)
{
	_cleanup_close_ int dir = -1;
	int fd;

	dir = open(sysroot->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int sysroot_read_line(const struct sysroot *sysroot, const char *path,
		      char *buf, size_t size)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	fd = sysroot_open(sysroot, path);
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

void sysroot_kernel_release(const struct sysroot *sysroot, char *buf,
			    size_t size)
{
	if (sysroot_read_line(sysroot, "proc/sys/kernel/osrelease", buf, size))
		buf[0] = 0;
}
