/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens what is below a folder; links do not lead out of it. */
#ifndef UTIL_RESOLVE_H
#define UTIL_RESOLVE_H

#include <stdint.h>

/*
 * Opens @path below the folder @root as open(2) with @flags, as if @root were
 * "/": absolute links and ".." stay below it. Links such as /proc/self/exe are
 * not followed. Return: a descriptor that the caller closes, or -errno.
 */
int resolve_open(int root, const char *path, int flags);

/*
 * Calls openat2(2) with RESOLVE_* of linux/openat2.h. Return: a descriptor that
 * the caller closes, -ENOSYS if the kernel (before v5.6) does not have the call
 * or a seccomp filter refuses it, or another -errno.
 */
int resolve_how(int dir, const char *path, int flags, uint64_t resolve);

/*
 * The two ways to do it, for tests: openat2(2) since v5.6, and a walk of one
 * component at a time, which also works where a seccomp filter that does not
 * know openat2(2) refuses it.
 */
int resolve_openat2(int root, const char *path, int flags);
int resolve_walk(int root, const char *path, int flags);

#endif
