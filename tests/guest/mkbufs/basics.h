/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers that know nothing of buffers. */
#ifndef TESTS_GUEST_MKBUFS_BASICS_H
#define TESTS_GUEST_MKBUFS_BASICS_H

#include <stddef.h>
#include <sys/resource.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* Prints a message on stderr and exits. */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/*
 * Makes room for one more element in an array of @n that only grows. The array
 * doubles each time @n is a power of two.
 */
void *grow(void *array, size_t n, size_t elem);
char *xstrdup(const char *s);

/* Rounds a size up to whole pages, as exporters do. */
size_t pages(size_t size);

/* These return -errno, and 0 or a descriptor. */
int xioctl(int fd, unsigned long cmd, void *arg);
int open_node(const char *path);

/* Raises the limit of open descriptors. */
void raise_nofile(rlim_t want);

#endif
