// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>

#include "snapshot/key_map.h"

/*
 * Draws a random odd number. Two different keys then get the same bucket with a
 * probability of at most 2 / buckets (Dietzfelbinger and others, 1997), so no
 * file that was written before has keys that make long chains.
 */
static uint64_t draw_multiplier(void)
{
	uint64_t number;

	/* Early in the boot there may be only what the kernel gave at exec. */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
		memcpy(&number, (const void *)getauxval(AT_RANDOM),
		       sizeof(number));
	return number | 1;
}

/* Finds the bucket of a key: its upper bits depend on all bits of the key. */
static uint32_t *bucket_of(const struct key_map *map, uint64_t key)
{
	return &map->buckets[key * map->multiplier >> map->shift];
}

static const struct buffer *find_from(const struct key_map *map, uint32_t place,
				      uint64_t key)
{
	const struct buffer *buffer;

	for (; place; place = map->next[place - 1]) {
		buffer = vec_at(map->buffers, place - 1);
		if (buffer->key == key)
			return buffer;
	}
	return NULL;
}

static void add_all(struct key_map *map)
{
	const struct buffer *buffer = NULL;
	uint32_t *bucket, place = 0;

	map->have = UINT32_MAX;
	while ((buffer = vec_next(map->buffers, buffer))) {
		map->have &= buffer->have;
		place++;
		bucket = bucket_of(map, buffer->key);
		if (find_from(map, *bucket, buffer->key)) {
			map->doubles = true;
			continue;
		}
		map->next[place - 1] = *bucket;
		*bucket = place;
	}
}

int key_map_init(struct key_map *map, const struct vec *buffers)
{
	int bits = 1;

	while ((uint64_t)1 << bits < buffers->n)
		bits++;
	*map = (struct key_map){
		.buffers = buffers,
		.n = buffers->n,
		.multiplier = draw_multiplier(),
		.shift = 64 - bits,
		.buckets = calloc((size_t)1 << bits, sizeof(*map->buckets)),
		.next = calloc(buffers->n + 1, sizeof(*map->next)),
	};
	if (!map->buckets || !map->next)
		return -ENOMEM;
	add_all(map);
	return 0;
}

void key_map_fini(struct key_map *map)
{
	free(map->buckets);
	free(map->next);
}

const struct buffer *key_map_find(const struct key_map *map, uint64_t key)
{
	return find_from(map, *bucket_of(map, key), key);
}
