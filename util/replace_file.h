/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes a file as a whole: whoever opens it finds the old bytes or the new
 * ones, never a part of them.
 */
#ifndef UTIL_REPLACE_FILE_H
#define UTIL_REPLACE_FILE_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>

/* An entry of a folder that is held open. */
struct dir_entry {
	int dir;
	char name[NAME_MAX + 1];
};

struct replace_file {
	int fd; /* to write to */
	/* What failed and what to do, if errno does not say so; else NULL */
	const char *why, *hint;

	/* The rest is private. */
	struct dir_entry entry;
	char temporary[32]; /* beside @entry; "" if there is none */
	bool replaces;
	struct stat old; /* if it @replaces a file */
	sigset_t signals; /* mask of before; if there is a temporary file */
};

#define REPLACE_FILE_INIT                                                      \
	{                                                                      \
		.fd = -1, .entry.dir = -1                                      \
	}

/*
 * Opens @path for writing, as open(2) would with O_CREAT: the kernel decides
 * which links may be followed and which files may be written.
 *
 * The bytes for a regular file go to a temporary file in its folder, and
 * replace_file_commit() puts that in its place. All signals wait until
 * replace_file_fini(), so that no signal but SIGKILL leaves the temporary file
 * behind. Other files, such as pipes and devices, are written directly, and so
 * are descriptors of processes: /dev/stdout, /dev/fd/N, /proc/PID/fd/N. Those
 * of this process keep their position and O_APPEND; other ones are appended to.
 *
 * A link to a file that does not exist is -ENOENT. Return: 0 or -errno. Call
 * replace_file_fini() in any case.
 */
int replace_file_open(struct replace_file *file, const char *path);

/*
 * Puts the new file in its place. Owner, group and permissions of a file that
 * it replaces are kept. Return: 0 or -errno; then the old file is unchanged.
 */
int replace_file_commit(struct replace_file *file);

/* Closes the file, and removes it if it is not in its place. */
void replace_file_fini(struct replace_file *file);

#endif
