/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_FENCE_H
#define TESTS_GUEST_MKBUFS_FENCE_H

#include <stddef.h>

struct world;
struct buf;

/*
 * Keeps the buffers busy: from now on each has a fence that has not signaled.
 * Their descriptors must stay open. Makes one more buffer, which fences come
 * from. Return: 0, or -errno if this kernel cannot do it.
 */
int keep_busy(struct world *w, struct buf *const *bufs, size_t n);

/* Allows the descriptors to be closed. */
void keep_busy_end(void);

#endif
