/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds buffers by key: a hash table of their indices. */
#ifndef SNAPSHOT_KEY_MAP_H
#define SNAPSHOT_KEY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/records.h"
#include "util/vec.h"

/**
 * struct key_map - where the buffers of a vec are
 * @buffers: the vec, which stays as it is
 * @slots: a place in it, plus 1; 0 is free
 * @shift: of a hash, leaves the number of a slot
 * @doubles: some buffers have the same key
 */
struct key_map {
	const struct vec *buffers;
	uint32_t *slots;
	int shift;
	bool doubles;
};

/* Return: 0 or -ENOMEM. */
int key_map_init(struct key_map *index, const struct vec *buffers);
void key_map_fini(struct key_map *index);

/* Return: the first buffer with this key, or NULL. */
const struct dmabuf_rec_buffer *key_map_find(const struct key_map *index,
					     uint64_t key);

#endif
