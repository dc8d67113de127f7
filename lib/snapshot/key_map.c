// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include "snapshot/key_map.h"

/* Finds the slot of the buffer with this key, or the free slot for it. */
static uint32_t *slot_of(const struct key_map *index, uint64_t key)
{
	const size_t mask = ((size_t)1 << (64 - index->shift)) - 1;
	size_t at = key * 0x9e3779b97f4a7c15ULL >> index->shift;
	const struct dmabuf_rec_buffer *buffer;

	for (;; at = (at + 1) & mask) {
		if (!index->slots[at])
			return &index->slots[at];
		buffer = vec_at(index->buffers, index->slots[at] - 1);
		if (buffer->key == key)
			return &index->slots[at];
	}
}

int key_map_init(struct key_map *index, const struct vec *buffers)
{
	const struct dmabuf_rec_buffer *buffer;
	uint32_t *slot;
	size_t i;

	*index = (struct key_map){ .buffers = buffers, .shift = 63 };
	/* Keeps at least half of the slots free. */
	while ((uint64_t)1 << (64 - index->shift) < 2 * (uint64_t)buffers->n)
		index->shift--;
	index->slots =
		calloc((size_t)1 << (64 - index->shift), sizeof(*index->slots));
	if (!index->slots)
		return -ENOMEM;
	for (i = 0; i < buffers->n; i++) {
		buffer = vec_at(buffers, i);
		slot = slot_of(index, buffer->key);
		if (*slot)
			index->doubles = true;
		else
			*slot = i + 1;
	}
	return 0;
}

void key_map_fini(struct key_map *index)
{
	free(index->slots);
}

const struct dmabuf_rec_buffer *key_map_find(const struct key_map *index,
					     uint64_t key)
{
	uint32_t place = *slot_of(index, key);

	return place ? vec_at(index->buffers, place - 1) : NULL;
}
