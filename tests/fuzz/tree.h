/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder that is unpacked from the bytes of the fuzzer, as the root of a
 * system: each "@PATH" on a line of its own begins a file, and "@PATH ->
 * TARGET" a link. Paths stay inside of the folder.
 */
#ifndef TESTS_FUZZ_TREE_H
#define TESTS_FUZZ_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { TREE_FILES = 256, TREE_PATH = 256 };

static char tree[64];

static int tree_remove_one(const char *path, const struct stat *st, int flag,
			   struct FTW *at)
{
	(void)st;
	(void)flag;
	return at->level ? remove(path) : 0;
}

/* Removes what is in the folder. */
static inline void tree_clear(void)
{
	must(nftw(tree, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

static void tree_end(void)
{
	tree_clear();
	rmdir(tree);
}

/* Makes the folder, once. */
static inline void tree_begin(void)
{
	if (tree[0])
		return;
	snprintf(tree, sizeof(tree), "/dev/shm/dmabuf-fuzz-%d", (int)getpid());
	must(mkdir(tree, 0700) == 0 && atexit(tree_end) == 0);
}

/* Whether no part of a path leads out of the folder. */
static inline bool tree_is_inside(const char *path)
{
	return *path && *path != '/' && !strstr(path, "..");
}

/* Makes the folders of a path. */
static inline void tree_make_folders(int dir, char *path)
{
	char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		(void)mkdirat(dir, path, 0700);
		*slash = '/';
	}
}

static inline void tree_add(const char *name, const void *data, size_t size)
{
	int dir = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC), fd;
	char path[TREE_PATH], *target;

	must(dir >= 0);
	snprintf(path, sizeof(path), "%s", name);
	target = strstr(path, " -> ");
	if (target) {
		*target = 0;
		target += strlen(" -> ");
	}
	if (tree_is_inside(path)) {
		tree_make_folders(dir, path);
		if (!target) {
			fd = openat(dir, path,
				    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
					    O_CLOEXEC,
				    0600);
			if (fd >= 0) {
				must(write(fd, data, size) == (ssize_t)size);
				close(fd);
			}
		} else if (tree_is_inside(target) ||
			   !strncmp(target, "/dmabuf:", 8)) {
			(void)symlinkat(target, dir, path);
		}
	}
	close(dir);
}

/* Fills the folder, which has been cleared. */
static inline void tree_unpack(const uint8_t *data, size_t size)
{
	const uint8_t *at = data, *end = data + size, *line, *next;
	char path[TREE_PATH];
	int files = 0;
	size_t n;

	while (at < end && *at == '@' && files++ < TREE_FILES) {
		line = memchr(at, '\n', end - at);
		line = line ?: end;
		n = line - at - 1;
		n = n < sizeof(path) ? n : sizeof(path) - 1;
		memcpy(path, at + 1, n);
		path[n] = 0;
		line += line < end;
		next = line < end && *line == '@'
			       ? line
			       : memmem(line, end - line, "\n@", 2);
		next = next && next > line ? next + 1 : next ?: end;
		tree_add(path, line, next - line);
		at = next;
	}
}

#endif
