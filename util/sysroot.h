/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the running system, or of a recorded tree. */
#ifndef UTIL_SYSROOT_H
#define UTIL_SYSROOT_H

#include <stdbool.h>
#include <stddef.h>

/* @dir is "/" or the folder of a recorded tree; paths have no leading slash. */
struct sysroot {
	const char *dir;
};

bool sysroot_is_live(const struct sysroot *sysroot);

/* Return: a file descriptor that the caller closes, or -errno. */
int sysroot_open(const struct sysroot *sysroot, const char *path);

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
