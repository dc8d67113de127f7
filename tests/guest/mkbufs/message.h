/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_MESSAGE_H
#define TESTS_GUEST_MKBUFS_MESSAGE_H

#include <stddef.h>
#include <sys/types.h>

/* Sends @data and a copy of the descriptor @fd. Return: 0 or -errno. */
int send_fd(int sock, int fd, const void *data, size_t len);

/*
 * Receives at most @len bytes and a descriptor, which is -1 if the message has
 * none. Return: the number of bytes, 0 at the end, or -errno.
 */
ssize_t recv_fd(int sock, void *data, size_t len, int *ret_fd);

#endif
