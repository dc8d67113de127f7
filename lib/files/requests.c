// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests of io_urings that wait for a file: a ring has them in a hash table,
 * so that they can be cancelled. Such a request keeps its file, though its
 * process has closed it. What waits for a buffer is found from the buffer, in
 * files/waiters.c.
 */
#include "files/requests.h"

#include "util/array.h"
#include "util/cleanup.h"

enum {
	BUCKET_BITS_MAX = 16,
	REQUESTS_MAX = 1 << 18, /* of a table */
};

/*
 * The tables of a ring. From v6.0 to v6.9 there are two, of which one is under
 * the ring's own lock. Before, a bucket has no lock: it is the list itself.
 */
static const struct table {
	enum kernel_field at;
	bool is_struct; /* a struct io_hash_table */
} tables[] = {
	{ FIELD_io_ring_ctx_cancel_table, true },
	{ FIELD_io_ring_ctx_cancel_table_locked, true },
	{ FIELD_io_ring_ctx_cancel_hash, false },
};

static const enum kernel_field request_needs[] = {
	FIELD_hlist_node_next,
	FIELD_io_kiocb_file,
	FIELD_io_kiocb_hash_node,
	FIELDS,
};

static const enum kernel_field struct_needs[] = {
	FIELD_io_hash_bucket_SIZE,
	FIELD_io_hash_bucket_list,
	FIELD_io_hash_table_hash_bits,
	FIELD_io_hash_table_hbs,
	FIELDS,
};

/* Whether this kernel has the table, with types that are known. */
static bool has_table(const struct layout *l, const struct table *table)
{
	return l->at[table->at] != LAYOUT_NONE &&
	       (table->is_struct ? layout_has(l, struct_needs)
				 : HAS(l, io_ring_ctx, cancel_hash_bits));
}

/* Appends the address of each bucket's list to @lists. */
static void find_lists(struct reach *reach, const struct keeper *ring,
		       const struct table *table, struct vec *lists)
{
	uint64_t at = ring->object + reach->layout.at[table->at], list;
	uint32_t bits, i, stride = sizeof(uint64_t), inner = 0;

	if (table->is_struct) {
		bits = memory_u32(reach->memory,
				  at + OFFSET(reach, io_hash_table, hash_bits));
		at += OFFSET(reach, io_hash_table, hbs);
		stride = OFFSET(reach, io_hash_bucket, SIZE);
		inner = OFFSET(reach, io_hash_bucket, list);
	} else {
		bits = memory_u32(reach->memory,
				  ring->object + OFFSET(reach, io_ring_ctx,
							cancel_hash_bits));
	}
	list = memory_u64(reach->memory, at);
	if (!list)
		return;
	if (bits > BUCKET_BITS_MAX) {
		reach_end(reach, ring, CHAIN_TORN);
		return;
	}
	for (i = 0; i < 1U << bits; i++) {
		at = list + (uint64_t)i * stride + inner;
		reach_push(reach, lists, &at);
	}
}

/* Moves the nodes that are new from @next to @nodes. */
static void take_new(struct reach *reach, const struct vec *next,
		     struct vec *nodes)
{
	const uint64_t *node = NULL;

	nodes->n = 0;
	while ((node = vec_next(next, node)))
		if (reach_is_new(reach, *node))
			reach_push(reach, nodes, node);
}

/* Finds the files of the requests with these nodes. */
static void find_files(struct reach *reach, const struct keeper *ring,
		       const struct vec *nodes)
{
	_cleanup_(vec_fini) struct vec files = VEC_OF(uint64_t);
	const int32_t node = OFFSET(reach, io_kiocb, hash_node);
	const struct slot slot = { .type = DMABUF_REC_REF_WAITER };
	const uint64_t *file = NULL;

	reach_gather(reach, nodes, OFFSET(reach, io_kiocb, file) - node,
		     &files);
	while ((file = vec_next(&files, file)))
		reach_file(reach, ring, *file, &slot);
}

/* All lists at once, a node of each at a time. */
static void read_table(struct reach *reach, const struct keeper *ring,
		       const struct table *table)
{
	_cleanup_(vec_fini) struct vec lists = VEC_OF(uint64_t),
				       nodes = VEC_OF(uint64_t),
				       next = VEC_OF(uint64_t);
	size_t n;

	find_lists(reach, ring, table, &lists);
	reach_gather(reach, &lists, 0, &next);
	take_new(reach, &next, &nodes);
	for (n = nodes.n; nodes.n && n <= REQUESTS_MAX; n += nodes.n) {
		find_files(reach, ring, &nodes);
		reach_gather(reach, &nodes, OFFSET(reach, hlist_node, next),
			     &next);
		take_new(reach, &next, &nodes);
	}
	if (nodes.n)
		reach_end(reach, ring, CHAIN_LONG);
}

void requests_read(struct reach *reach, const struct keeper *ring)
{
	bool known = false;
	size_t i;

	if (layout_has(&reach->layout, request_needs))
		for (i = 0; i < ARRAY_SIZE(tables); i++)
			if (has_table(&reach->layout, &tables[i])) {
				known = true;
				read_table(reach, ring, &tables[i]);
			}
	if (!known)
		reach->missing |= 1U << ring->kind;
}
