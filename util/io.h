/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UTIL_IO_H
#define UTIL_IO_H

#include <sys/types.h>

/*
 * Calls read(2), and repeats it after a signal and while the kernel asks for
 * another try (-EAGAIN). Return: bytes, 0 at the end, or -errno.
 */
ssize_t read_retry(int fd, void *buf, size_t size);

#endif
