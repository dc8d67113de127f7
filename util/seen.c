// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/seen.h"

#include <errno.h>
#include <stdlib.h>

/* The kernel chooses the addresses: a fixed multiplier is good enough. */
#define MULTIPLIER 0x9e3779b97f4a7c15ULL

void seen_fini(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){};
}

/* Return: the slot of an address, or the empty slot where it belongs. */
static uint64_t *find_slot(const struct seen *seen, uint64_t address)
{
	size_t i = (address * MULTIPLIER) >> 32;

	for (;; i++) {
		i &= seen->room - 1;
		if (!seen->slots[i] || seen->slots[i] == address)
			return &seen->slots[i];
	}
}

/* Doubles the room. */
static int grow(struct seen *seen)
{
	struct seen larger = { .room = seen->room ? seen->room * 2 : 64,
			       .n = seen->n };
	size_t i;

	larger.slots = calloc(larger.room, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (i = 0; i < seen->room; i++)
		if (seen->slots[i])
			*find_slot(&larger, seen->slots[i]) = seen->slots[i];
	free(seen->slots);
	*seen = larger;
	return 0;
}

int seen_add(struct seen *seen, uint64_t address, bool *ret)
{
	uint64_t *slot;
	int r = 0;

	if (seen->n * 2 >= seen->room)
		r = grow(seen);
	if (r)
		return r;
	slot = find_slot(seen, address);
	*ret = !*slot;
	seen->n += *ret;
	*slot = address;
	return 0;
}
