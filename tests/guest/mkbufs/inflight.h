/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_INFLIGHT_H
#define TESTS_GUEST_MKBUFS_INFLIGHT_H

struct world;
struct buf;

void buf_send(struct world *w, struct buf *b);
int buf_register(struct world *w, struct buf *b);

#endif
