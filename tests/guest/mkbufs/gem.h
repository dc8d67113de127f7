/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_GEM_H
#define TESTS_GUEST_MKBUFS_GEM_H

#include <stdbool.h>

struct world;
struct buf;

void gem_make_handle_only(struct world *w);
int buf_import(struct world *w, struct buf *b, const char *driver, bool own);

#endif
