/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens what is below a folder; links do not lead out of it. */
#ifndef UTIL_RESOLVE_H
#define UTIL_RESOLVE_H

/*
 * Opens @path below the folder @root as open(2) with @flags, as if @root were
 * "/": absolute links and ".." stay below it. Links such as /proc/self/exe are
 * not followed. Return: a descriptor that the caller closes, or -errno.
 */
int resolve_open(int root, const char *path, int flags);

/*
 * The two ways to do it, for tests: openat2(2) since v5.6, and a walk of one
 * component at a time, which also works where a seccomp filter that does not
 * know openat2(2) refuses it.
 */
int resolve_openat2(int root, const char *path, int flags);
int resolve_walk(int root, const char *path, int flags);

#endif
