/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The queue of a V4L2 device. */
#ifndef TESTS_GUEST_MKBUFS_QUEUE_H
#define TESTS_GUEST_MKBUFS_QUEUE_H

struct world;
struct buf;

/*
 * Makes a buffer that is in the queue of vivid's output, or calls skip() and
 * returns NULL. It tries all exporters: with allocators=1 vivid needs
 * contiguous memory.
 */
struct buf *queue_make(struct world *w, const char *name);

#endif
