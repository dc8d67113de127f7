/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds buffers by key: a hash table of their indices. Each map has a hash
 * function of its own, and no order depends on it.
 */
#ifndef SNAPSHOT_KEY_MAP_H
#define SNAPSHOT_KEY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "snapshot/snapshot.h"

/**
 * struct key_map - where the buffers of a vec are
 * @buffers: the vec, which stays as it is
 * @n: how many it had
 * @buckets: for each hash, the index plus 1 of its last buffer; 0: none
 * @next: for each buffer, the index plus 1 of another one with its hash
 * @multiplier: of a key, makes its hash: random, odd
 * @shift: of a hash, leaves the number of a bucket
 * @have: DMABUF_HAVE_* that all buffers had
 * @doubles: some buffers have the same key
 */
struct key_map {
	const struct vec *buffers;
	size_t n;
	uint32_t *buckets, *next;
	uint64_t multiplier;
	int shift;
	uint32_t have;
	bool doubles;
};

/*
 * Return: 0 or -ENOMEM. The caller ends @map with key_map_fini(), on failure
 * too.
 */
int key_map_init(struct key_map *map, const struct vec *buffers);
void key_map_fini(struct key_map *map);

/* Return: the first buffer with this key, or NULL. */
const struct buffer *key_map_find(const struct key_map *map, uint64_t key);

#endif
