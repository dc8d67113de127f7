/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io_urings, without liburing. */
#ifndef TESTS_GUEST_MKBUFS_RING_H
#define TESTS_GUEST_MKBUFS_RING_H

struct world;

/* Makes a ring whose file table has the file. Return: the ring's, or -errno. */
int ring_with(int fd);

/* These keep the ring after its descriptor is closed. Return: 0 or -errno. */
int ring_keep_mapped(struct world *w, int ring);
int ring_keep_registered(struct world *w, int ring);

/* Waits for @events of the file in a ring. Return: 0 or -errno. */
int ring_poll(struct world *w, int fd, short events);

#endif
