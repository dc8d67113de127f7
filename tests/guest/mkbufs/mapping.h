/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_MAPPING_H
#define TESTS_GUEST_MKBUFS_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;
struct buf;

struct map {
	void *addr;
	size_t len;
};

bool map_holds(const void *addr, uint64_t ino);
bool buf_map(struct world *w, struct buf *b);
void buf_add_maps(struct buf *b, unsigned int n);
char *map_pages(struct world *w, struct buf *b, size_t first, size_t n);
struct buf *map_make(struct world *w, const char *name, size_t n);

#endif
