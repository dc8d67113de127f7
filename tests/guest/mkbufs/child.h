/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_CHILD_H
#define TESTS_GUEST_MKBUFS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct world;
struct buf;

enum { MAX_KIDS = 4 };

/* A child that holds buffers; it leaves when its socket ends. */
struct kid {
	pid_t pid;
	int sock;
	const char *comm;
};

/* What a child does with a buffer that it is given. */
enum give {
	GIVE_FD,
	GIVE_MAP, /* maps it and closes the descriptor */
	GIVE_FD_AND_MAP,
};

struct kid *kid_start(struct world *w, int (*run)(struct world *w, int sock));
struct kid *kid_start_as(struct world *w, const char *comm,
			 int (*run)(struct world *w, int sock));
void kid_give(const struct kid *k, struct buf *b, enum give how);
int kids_end(struct world *w);

/* For what runs in a child. */
void close_all_but(int keep);
bool kid_take(int sock);
int kid_hold(struct world *w, int sock);

#endif
