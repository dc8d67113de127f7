/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_CHILD_H
#define TESTS_GUEST_MKBUFS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct world;
struct buf;

enum { MAX_CHILDREN = 4 };

/* A child that holds buffers; it leaves when its socket ends. */
struct child {
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

struct child *child_start(struct world *w,
			  int (*run)(struct world *w, int sock));
struct child *child_start_as(struct world *w, const char *comm,
			     int (*run)(struct world *w, int sock));
void child_give(const struct child *child, struct buf *b, enum give how);
int children_end(struct world *w);

/* For what runs in a child. */
void close_all_but(int keep);
bool child_receive(int sock);
int child_hold(struct world *w, int sock);

#endif
