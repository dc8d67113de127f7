// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "util/array.h"
#include "util/io.h"
#include "util/resolve.h"
#include "util/sysroot.h"

bool sysroot_is_live(const struct sysroot *sysroot)
{
	return !strcmp(sysroot->dir, "/");
}

/* Each with what it means on the running system and in a recorded tree. */
static const struct absence {
	int err;
	enum sysroot_absence live, recorded;
} absences[] = {
	{ EACCES, ABSENCE_DENIED, ABSENCE_DENIED },
	{ EPERM, ABSENCE_DENIED, ABSENCE_DENIED },
	{ ENOENT, ABSENCE_GONE, ABSENCE_UNRECORDED },
	{ ESRCH, ABSENCE_GONE, ABSENCE_UNRECORDED },
	{ ENODEV, ABSENCE_GONE, ABSENCE_UNRECORDED },
	/* A tree may have anything in place of a file or folder. */
	{ EFBIG, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ EINVAL, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ EISDIR, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ ELOOP, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ EMEDIUMTYPE, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ ENAMETOOLONG, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ ENOTDIR, ABSENCE_ERROR, ABSENCE_UNRECORDED },
	{ ENXIO, ABSENCE_ERROR, ABSENCE_UNRECORDED },
};

enum sysroot_absence sysroot_absence(const struct sysroot *sysroot, int r)
{
	const bool live = sysroot_is_live(sysroot);
	size_t i;

	for (i = 0; r && i < ARRAY_SIZE(absences); i++)
		if (absences[i].err == -r)
			return live ? absences[i].live : absences[i].recorded;
	return ABSENCE_ERROR;
}

const char *sysroot_strerror(int r)
{
	switch (r) {
	case -EMEDIUMTYPE:
	case -ENXIO: /* what a socket gives */
		return "not a regular file";
	case -EFBIG:
		return "larger than 256 MiB";
	default:
		return strerror(-r);
	}
}

/* A file could be a FIFO, a device or endless. Return: 0 or -errno. */
static int check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	return st.st_size > SYSROOT_FILE_MAX ? -EFBIG : 0;
}

static int open_recorded(int dir, const char *path, int flags)
{
	_cleanup_close_ int fd = -1;
	int r;

	/* Without O_NONBLOCK, a FIFO would wait for its writer. */
	if (!(flags & (O_PATH | O_DIRECTORY)))
		flags |= O_NONBLOCK | O_NOCTTY;
	fd = resolve_open(dir, path, flags | O_CLOEXEC);
	if (fd < 0 || flags & (O_PATH | O_DIRECTORY))
		return take_fd(&fd);
	r = check_file(fd);
	return r ?: take_fd(&fd);
}

int sysroot_open_at(const struct sysroot *sysroot, int dir, const char *path,
		    int flags)
{
	_cleanup_close_ int top = -1;
	int fd;

	if (dir == SYSROOT_TOP) {
		top = open(sysroot->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (top < 0)
			return -errno;
		dir = top;
	}
	if (!sysroot_is_live(sysroot))
		return open_recorded(dir, path, flags);
	fd = openat(dir, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int sysroot_open(const struct sysroot *sysroot, const char *path)
{
	return sysroot_open_at(sysroot, SYSROOT_TOP, path, O_RDONLY);
}

/* Copies to memory. Return: a file without a name, at its start, or -errno. */
static int copy_file(int from)
{
	_cleanup_close_ int to = memfd_create("recorded", MFD_CLOEXEC);
	size_t copied = 0;
	char part[16384];
	ssize_t n;

	if (to < 0)
		return -errno;
	while ((n = read_retry(from, part, sizeof(part))) > 0) {
		copied += n;
		if (copied > SYSROOT_FILE_MAX)
			return -EFBIG;
		if (write(to, part, n) != n)
			return -ENOMEM;
	}
	if (n < 0)
		return n;
	return lseek(to, 0, SEEK_SET) < 0 ? -errno : take_fd(&to);
}

int sysroot_open_whole(const struct sysroot *sysroot, int dir, const char *path)
{
	_cleanup_close_ int fd = sysroot_open_at(sysroot, dir, path, O_RDONLY);

	if (fd < 0 || sysroot_is_live(sysroot))
		return take_fd(&fd);
	return copy_file(fd);
}

int sysroot_fopen(const struct sysroot *sysroot, int dir, const char *path,
		  FILE **ret)
{
	_cleanup_close_ int fd = sysroot_open_whole(sysroot, dir, path);
	FILE *file;

	if (fd < 0)
		return fd;
	file = fdopen(fd, "r");
	if (!file)
		return -errno;
	(void)take_fd(&fd);
	*ret = file;
	return 0;
}

int sysroot_opendir(const struct sysroot *sysroot, int dir, const char *path,
		    DIR **ret)
{
	_cleanup_close_ int fd =
		sysroot_open_at(sysroot, dir, path, O_RDONLY | O_DIRECTORY);
	DIR *entries;

	if (fd < 0)
		return fd;
	entries = fdopendir(fd);
	if (!entries)
		return -errno;
	(void)take_fd(&fd);
	*ret = entries;
	return 0;
}

bool sysroot_has(const struct sysroot *sysroot, const char *path)
{
	_cleanup_close_ int fd =
		sysroot_open_at(sysroot, SYSROOT_TOP, path, O_PATH);

	return fd >= 0;
}

int sysroot_read_line(const struct sysroot *sysroot, const char *path,
		      char *buf, size_t size)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	fd = sysroot_open(sysroot, path);
	if (fd < 0)
		return fd;
	n = read_retry(fd, buf, size - 1);
	if (n < 0)
		return n;
	buf[n] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return 0;
}

void sysroot_kernel_release(const struct sysroot *sysroot, char *buf,
			    size_t size)
{
	struct utsname kernel;

	buf[0] = 0;
	/* A /proc that is mounted with subset=pid does not have the file. */
	if (sysroot_is_live(sysroot) && !uname(&kernel))
		snprintf(buf, size, "%s", kernel.release);
	else if (sysroot_read_line(sysroot, "proc/sys/kernel/osrelease", buf,
				   size))
		buf[0] = 0;
}
