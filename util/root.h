/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the system looked at: the running one, or a recorded tree. */
#ifndef UTIL_ROOT_H
#define UTIL_ROOT_H

#include <stdbool.h>
#include <stddef.h>

/* @dir is "/" or the folder of a recorded tree; paths have no leading slash. */
struct root {
	const char *dir;
};

bool root_is_live(const struct root *root);

/* Return: a file descriptor that the caller closes, or -errno. */
int root_open(const struct root *root, const char *path);

/*
 * Reads the first line of a file into @buf, without its newline.
 * Return: 0 or -errno.
 */
int root_read_line(const struct root *root, const char *path, char *buf,
		   size_t size);

#endif
