/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the running system, or of a recorded tree. */
#ifndef UTIL_SYSROOT_H
#define UTIL_SYSROOT_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "util/cleanup.h"

DEFINE_CLEANUP(closedir, DIR, closedir)

#define _cleanup_closedir_ _cleanup_(closedir_cleanup)

/*
 * @dir is "/" or the folder of a recorded tree; paths have no leading slash.
 *
 * Somebody else may have made the tree, and may change it at any time. So no
 * link leads out of it, only regular files are opened, and none that is larger
 * than SYSROOT_FILE_MAX.
 */
struct sysroot {
	const char *dir;
};

/* As the folder from which something is opened: the root itself. */
enum { SYSROOT_TOP = -1 };

/* Enough for a list of a million buffers, or the symbols of many kernels. */
#define SYSROOT_FILE_MAX (256 << 20)

bool sysroot_is_live(const struct sysroot *sysroot);

/*
 * What it means that something cannot be read that a list of names had. The
 * running system changes all the time. In a recorded tree, what is missing was
 * never recorded, or is not what the kernel has there.
 */
enum sysroot_absence {
	ABSENCE_ERROR, /* no absence: another error, or 0 */
	ABSENCE_GONE, /* has gone meanwhile */
	ABSENCE_DENIED,
	ABSENCE_UNRECORDED,
};

enum sysroot_absence sysroot_absence(const struct sysroot *sysroot, int r);

/* Return: why it was not opened, for "PATH: WHY"; @r is the -errno of that. */
const char *sysroot_strerror(int r);

/*
 * Opens a file for reading from the folder @dir of @sysroot, or from
 * SYSROOT_TOP. A folder is opened with @flags O_DIRECTORY, and anything with
 * O_PATH.
 *
 * Return: a file descriptor that the caller closes, or -errno: -EMEDIUMTYPE or
 * -EISDIR when it is no regular file, -EFBIG.
 */
int sysroot_open_at(const struct sysroot *sysroot, int dir, const char *path,
		    int flags);

/* Opens a file for reading, from the top. Return: as sysroot_open_at(). */
int sysroot_open(const struct sysroot *sysroot, const char *path);

/*
 * The same for a reader who goes on until the end of the file: the file of a
 * recorded tree is copied, since its owner may make it longer and longer.
 */
int sysroot_open_whole(const struct sysroot *sysroot, int dir,
		       const char *path);

/* As sysroot_open_whole(), as a stream. Return: 0 or -errno. */
int sysroot_fopen(const struct sysroot *sysroot, int dir, const char *path,
		  FILE **ret);

/* Opens a folder to list it. Return: 0 or -errno. */
int sysroot_opendir(const struct sysroot *sysroot, int dir, const char *path,
		    DIR **ret);

/* Whether there is anything of this path. */
bool sysroot_has(const struct sysroot *sysroot, const char *path);

/*
 * Reads the first line of a file into @buf, without its newline.
 * Return: 0 or -errno.
 */
int sysroot_read_line(const struct sysroot *sysroot, const char *path,
		      char *buf, size_t size);

/* Reads the release of the kernel, or "" when it is not known. */
void sysroot_kernel_release(const struct sysroot *sysroot, char *buf,
			    size_t size);

#endif
