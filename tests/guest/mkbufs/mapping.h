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

/* Does the mapping that starts at @addr keep the file with this inode? */
bool map_holds(const void *addr, uint64_t ino);

/* Maps the whole buffer. Return: whether the mapping keeps the buffer. */
bool buf_map(struct world *w, struct buf *b);

/* Counts @n more mappings of this process. */
void buf_add_maps(struct buf *b, unsigned int n);

/*
 * Makes a buffer of @n pages of an exporter whose mappings keep the buffer, and
 * maps @n of its pages from page @first on.
 */
struct buf *map_make(struct world *w, const char *name, size_t n);
char *map_pages(struct world *w, struct buf *b, size_t first, size_t n);

#endif
