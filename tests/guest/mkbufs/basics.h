/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has nothing to do with buffers. */
#ifndef TESTS_GUEST_MKBUFS_BASICS_H
#define TESTS_GUEST_MKBUFS_BASICS_H

#include <stddef.h>
#include <sys/resource.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);
void *grow(void *array, size_t n, size_t elem);
size_t pages(size_t size);
char *xstrdup(const char *s);
int xioctl(int fd, unsigned long cmd, void *arg);
int open_node(const char *path);
void raise_nofile(rlim_t want);

#endif
