// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/cleanup.h"

/* Links that one path may have, as in the kernel. */
#define LINKS_MAX 40

/* Folders below each other. */
#define DEPTH_MAX 64

int resolve_how(int dir, const char *path, int flags, uint64_t resolve)
{
	const struct open_how how = { .flags = flags, .resolve = resolve };
	int tries = 16;
	long fd;

	/* EAGAIN: a folder was renamed meanwhile; ".." may lead elsewhere. */
	do {
		fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	} while (fd < 0 && (errno == EINTR || (errno == EAGAIN && --tries)));
	/* EPERM: from a filter, since open(2) gives it for no reading. */
	if (fd < 0)
		return errno == EPERM ? -ENOSYS : -errno;
	return fd;
}

int resolve_openat2(int root, const char *path, int flags)
{
	return resolve_how(root, path, flags,
			   RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/*
 * @fds are the folders from the root down, without the root, which belongs to
 * the caller. ".." goes back to the one before, since a folder may be moved out
 * of the root at any time. @rest is the path that is left.
 */
struct walk {
	int root, flags;
	int fds[DEPTH_MAX], depth;
	int links;
	char rest[PATH_MAX];
};

static int here(const struct walk *walk)
{
	return walk->depth ? walk->fds[walk->depth - 1] : walk->root;
}

static void go_up(struct walk *walk)
{
	if (walk->depth)
		close(walk->fds[--walk->depth]);
}

static void walk_fini(struct walk *walk)
{
	while (walk->depth)
		go_up(walk);
}

/* Puts @link in front of the rest of the path. */
static int follow(struct walk *walk, const char *link, size_t size,
		  const char *rest)
{
	const size_t left = strlen(rest) + 1;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (!size)
		return -ENOENT;
	if (size + 1 + left > sizeof(walk->rest))
		return -ENAMETOOLONG;
	memmove(walk->rest + size + 1, rest, left);
	memcpy(walk->rest, link, size);
	walk->rest[size] = '/';
	if (left == 1)
		walk->rest[size] = 0;
	if (link[0] == '/')
		walk_fini(walk);
	return 0;
}

static int go_down(struct walk *walk, const char *name)
{
	int fd;

	if (walk->depth == DEPTH_MAX)
		return -ENAMETOOLONG;
	fd = openat(here(walk), name,
		    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	walk->fds[walk->depth++] = fd;
	return 0;
}

/*
 * Takes the first component of the path. Return: 0 to go on, or the descriptor
 * of the last one plus 1, or -errno.
 */
static int step(struct walk *walk)
{
	char name[NAME_MAX + 1], link[PATH_MAX];
	char *at = walk->rest + strspn(walk->rest, "/");
	const size_t n = strcspn(at, "/");
	const bool last = !at[n];
	ssize_t size;
	int fd;

	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, at, n);
	name[n] = 0;
	at += n;
	if (!strcmp(name, ".."))
		go_up(walk);
	if (!n || !strcmp(name, ".") || !strcmp(name, "..")) {
		if (last) {
			fd = openat(here(walk), ".", walk->flags);
			return fd < 0 ? -errno : fd + 1;
		}
		memmove(walk->rest, at, strlen(at) + 1);
		return 0;
	}
	size = readlinkat(here(walk), name, link, sizeof(link));
	if (size >= 0)
		return follow(walk, link, size, at);
	if (errno != EINVAL)
		return -errno;
	if (last) {
		fd = openat(here(walk), name, walk->flags | O_NOFOLLOW);
		return fd < 0 ? -errno : fd + 1;
	}
	memmove(walk->rest, at, strlen(at) + 1);
	return go_down(walk, name);
}

int resolve_walk(int root, const char *path, int flags)
{
	_cleanup_(walk_fini) struct walk walk = { .root = root,
						  .flags = flags };
	int r;

	if (!path[0])
		return -ENOENT;
	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	do {
		r = step(&walk);
	} while (!r);
	return r < 0 ? r : r - 1;
}

int resolve_open(int root, const char *path, int flags)
{
	int fd = resolve_openat2(root, path, flags);

	if (fd == -ENOSYS)
		fd = resolve_walk(root, path, flags);
	return fd;
}
