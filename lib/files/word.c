// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads what has 32 bits on some kernels. */
#include "files/memory.h"

void memory_queue_words(struct memory *memory, const uint64_t *addresses,
			size_t n, int32_t offset, uint64_t *to, uint32_t word)
{
	size_t i;

	if (word == sizeof(*to)) {
		memory_queue(memory, addresses, n, offset, to, word);
		return;
	}
	/* A word of 32 bits is the lower half of ours. */
	for (i = 0; i < n; i++) {
		to[i] = 0;
		memory_queue(memory, &addresses[i], 1, offset, &to[i], word);
	}
}

uint64_t memory_word(struct memory *memory, uint64_t address, uint32_t word)
{
	uint64_t value;

	memory_queue_words(memory, &address, 1, 0, &value, word);
	memory_run(memory);
	return value;
}
