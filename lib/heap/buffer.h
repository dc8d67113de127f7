/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What alloc.c needs of a buffer besides its public functions. */
#ifndef HEAP_BUFFER_H
#define HEAP_BUFFER_H

#include "core/context.h"

/*
 * Calls ioctl(2), again after a signal and while the kernel asks for another
 * try (-EAGAIN). Return: 0 or -errno.
 */
int buffer_ioctl(int fd, unsigned long request, void *argument);

/*
 * Checks that a name is short enough. Return: 0, or -ENAMETOOLONG with the
 * reason in @ctx->error.
 */
int buffer_check_name(struct dmabuf_ctx *ctx, const char *name);

#endif
