/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_SHARER_H
#define TESTS_GUEST_MKBUFS_SHARER_H

#include <sys/types.h>

struct world;

enum { SHARER_STACK = 64 * 1024 };

/* A process that shares something with this one, until it is killed. */
struct sharer {
	pid_t pid;
	void *stack; /* when it shares the memory */
};

pid_t sharer_start(struct world *w, int share);

#endif
