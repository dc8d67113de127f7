/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_TWIN_H
#define TESTS_GUEST_MKBUFS_TWIN_H

#include <sys/types.h>

struct world;

enum { TWIN_STACK = 64 * 1024 };

/* A process that shares something with this one, until it is killed. */
struct twin {
	pid_t pid;
	void *stack; /* when it shares the memory */
};

pid_t twin_start(struct world *w, int share);

#endif
