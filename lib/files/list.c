// SPDX-License-Identifier: LGPL-2.1-or-later
/* Lists of the kernel, which may change while they are read. */
#include <string.h>

#include "files/memory.h"
#include "util/cleanup.h"

enum { TRIES = 8 };

/* An object that was removed, with list_del_init(), leads to itself. */
static bool drop_repeats(struct vec *nodes)
{
	const uint64_t *node = nodes->data;
	const size_t n = nodes->n;

	while (nodes->n > 1 && node[nodes->n - 1] == node[nodes->n - 2])
		nodes->n--;
	return nodes->n < n;
}

static enum chain_end read_once(struct memory *memory, uint64_t head,
				uint32_t most, struct vec *nodes)
{
	const struct chain chain = {
		.first = head,
		.stop = head,
		.bytes = sizeof(uint64_t),
		.most = most + 1,
	};
	enum chain_end end;

	nodes->n = 0;
	end = memory_chain(memory, &chain, nodes);
	/* A list that was never begun is all zero. */
	if (nodes->n == 1 && !*(uint64_t *)nodes->data)
		end = CHAIN_WHOLE;
	if (end == CHAIN_LONG && drop_repeats(nodes))
		return CHAIN_TORN;
	/* The last pointer leads to the head, or nowhere. */
	if (nodes->n)
		nodes->n--;
	return end;
}

static bool are_equal(const struct vec *a, const struct vec *b)
{
	return a->n == b->n && !memcmp(a->data, b->data, a->n * a->each);
}

enum chain_end memory_list(struct memory *memory, uint64_t head, uint32_t most,
			   struct vec *nodes)
{
	_cleanup_(vec_fini) struct vec before = VEC_OF(uint64_t);
	enum chain_end end, end_before = CHAIN_TORN;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		end = read_once(memory, head, most, nodes);
		/* One pointer tells that a list is empty. */
		if (end == CHAIN_WHOLE && !nodes->n)
			return end;
		if (end == end_before && end != CHAIN_TORN &&
		    are_equal(nodes, &before))
			return end;
		end_before = end;
		vec_swap(nodes, &before);
	}
	vec_swap(nodes, &before);
	return CHAIN_TORN;
}
