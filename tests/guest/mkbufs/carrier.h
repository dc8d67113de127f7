/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps a file that no process has a descriptor of. */
#ifndef TESTS_GUEST_MKBUFS_CARRIER_H
#define TESTS_GUEST_MKBUFS_CARRIER_H

#include <stdbool.h>

struct world;

/* Keeps the file of @fd, which stays open. Return: 0 or -errno. */
typedef int (*carry)(struct world *w, int fd);

/* A message that nobody receives. */
int carry_in_message(struct world *w, int fd);

/* A slot in the file table of an io_uring. */
int carry_in_ring(struct world *w, int fd);

/*
 * A message to a connection that nobody accepted. It is in the queue of a
 * socket that only the listener's queue has. @alone closes the client's end.
 */
int carry_in_embryo(struct world *w, int fd, int socket_type, bool alone);

/* Makes a socket that has the file in its queue. Return: its descriptor. */
int socket_with(int fd);

#endif
