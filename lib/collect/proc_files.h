/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists and reads what is in a folder of /proc. */
#ifndef COLLECT_PROC_FILES_H
#define COLLECT_PROC_FILES_H

#include <dirent.h>
#include <stdint.h>

#include "util/sysroot.h"
#include "util/vec.h"

/* Finds the next entry that is a number. Return: 1, 0 at the end, or -errno. */
int proc_next_number(DIR *dir, const char **name, uint64_t *number);

/*
 * Reads a whole file into @text, which is a vec of char. File locks can make
 * any fdinfo long. Return: 0 or -errno.
 */
int proc_read_whole(const struct sysroot *sysroot, int dir, const char *path,
		    struct vec *text);

#endif
