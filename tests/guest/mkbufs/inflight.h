/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers that something else than a process keeps. */
#ifndef TESTS_GUEST_MKBUFS_INFLIGHT_H
#define TESTS_GUEST_MKBUFS_INFLIGHT_H

struct world;
struct buf;

/*
 * Sends the buffer in a message that nobody receives, and closes its
 * descriptor: only the sockets keep it.
 */
void buf_send(struct world *w, struct buf *b);

/* Registers the buffer in the file table of an io_uring. */
int buf_register(struct world *w, struct buf *b);

#endif
