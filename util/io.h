/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UTIL_IO_H
#define UTIL_IO_H

#include <sys/types.h>

/*
 * Calls read(2), and repeats it after a signal and when the kernel asks for
 * another try (-EAGAIN): it waits where there is nothing yet, even if @fd does
 * not block. Return: bytes, 0 at the end, or -errno.
 */
ssize_t read_retry(int fd, void *buf, size_t size);

#endif
