/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_MESSAGE_H
#define TESTS_GUEST_MKBUFS_MESSAGE_H

#include <stddef.h>

int send_fd(int sock, int fd, const void *data, size_t len);

#endif
