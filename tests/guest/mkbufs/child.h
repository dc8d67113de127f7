/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_CHILD_H
#define TESTS_GUEST_MKBUFS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct world;
struct buf;

enum { MAX_CHILDREN = 64 };

/* A process that holds buffers. It ends when its socket is closed. */
struct child {
	pid_t pid;
	int sock;
	const char *comm;
};

/* How a child holds a buffer that it receives. */
enum give {
	GIVE_FD,
	GIVE_MAP, /* maps it and closes the descriptor */
	GIVE_FD_AND_MAP,
};

/* What a child does. Return: its exit status. */
typedef int (*child_run)(struct world *w, int sock);

/*
 * Starts a child, which inherits all that this process has. The signals that
 * end mkbufs are blocked in a child too: it ends when the parent closes the
 * socket, or dies.
 */
struct child *child_start(struct world *w, child_run run);
struct child *child_start_as(struct world *w, const char *comm, child_run run);

/* Sends a copy of the descriptor, and counts what the child holds then. */
void child_give(const struct child *child, struct buf *b, enum give how);

/* Ends all children. Return: 0, or -ECHILD if one of them failed. */
int children_end(struct world *w);

/* The functions below are called in a child. */

/* Closes every descriptor but 0, 1, 2 and @keep. */
void close_all_but(int keep);

/* Receives one buffer of child_give(). Return: false when there are no more. */
bool child_receive(int sock);

/* A child_run that holds nothing but what it receives. */
int child_hold(struct world *w, int sock);

#endif
