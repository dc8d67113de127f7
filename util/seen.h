/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A set of addresses: what was seen already. */
#ifndef UTIL_SEEN_H
#define UTIL_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct seen - a hash table of addresses, which are never 0
 * @slots: the addresses; 0: an empty slot
 * @room: number of slots, a power of 2, or 0
 * @n: number of addresses
 */
struct seen {
	uint64_t *slots;
	size_t room, n;
};

void seen_fini(struct seen *seen);

/*
 * Adds an address. @ret: whether it is new. Return: 0 or -ENOMEM.
 */
int seen_add(struct seen *seen, uint64_t address, bool *ret);

#endif
