/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and folders of /proc, opened from another folder. */
#ifndef COLLECT_PROC_FILES_H
#define COLLECT_PROC_FILES_H

#include <dirent.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "util/vec.h"

DEFINE_CLEANUP(closedir, DIR, closedir)

/* Return: a descriptor that the caller closes, or -errno. */
int proc_open_at(int dir, const char *path, int flags);

/* Ownership: the caller closes @ret. Return: 0 or -errno. */
int proc_open_dir(int dir, const char *path, DIR **ret);

/* Finds the next entry that is a number. Return: 1, 0 at the end, or -errno. */
int proc_next_number(DIR *dir, const char **name, uint64_t *number);

/*
 * Reads a whole file into @text, which is a vec of char. File locks can make
 * any fdinfo long. Return: 0 or -errno.
 */
int proc_read_whole(int dir, const char *path, struct vec *text);

#endif
