/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits for a buffer, as long as the process lives. */
#ifndef TESTS_GUEST_MKBUFS_WAITER_H
#define TESTS_GUEST_MKBUFS_WAITER_H

struct world;
struct buf;

/*
 * Each waits for @events of the buffer, and counts the reference of the wait,
 * if there is one. The one of a fence is not counted. Return: 0 or -errno.
 */
typedef int (*wait_start)(struct world *w, struct buf *b, short events);

int wait_by_io_uring(struct world *w, struct buf *b, short events);
int wait_by_aio(struct world *w, struct buf *b, short events);
int wait_by_poll(struct world *w, struct buf *b, short events);
int wait_by_epoll(struct world *w, struct buf *b, short events);

#endif
