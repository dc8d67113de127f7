/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_QUEUE_H
#define TESTS_GUEST_MKBUFS_QUEUE_H

struct world;

struct buf *queue_make(struct world *w, const char *name);

#endif
