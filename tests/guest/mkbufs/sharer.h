/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_SHARER_H
#define TESTS_GUEST_MKBUFS_SHARER_H

#include <sys/types.h>

struct world;

enum { MAX_SHARERS = 4, SHARER_STACK = 64 * 1024 };

/* A process that shares its memory or its descriptor table with this one. */
struct sharer {
	pid_t pid;
	void *stack;
};

/*
 * Starts a process that sleeps. @share is CLONE_FILES or CLONE_VM; with
 * CLONE_VM it closes all descriptors of its own table.
 */
pid_t sharer_start(struct world *w, int share);
void sharers_end(struct world *w);

#endif
