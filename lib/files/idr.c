// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/idr.h"

#include "util/cleanup.h"

enum { NODES_MAX = 1 << 16, SLOTS_MAX = 64 };

/* A node of the tree, and the ID of its first slot. */
struct tree_node {
	uint64_t address;
	uint64_t first;
};

/* The lowest bits of an entry tell whether it points to a node. */
static bool is_node(uint64_t entry)
{
	return (entry & 3) == 2 && entry > 4096;
}

/* Number of slots of a node: 64, or 16 with CONFIG_BASE_SMALL. */
static uint32_t slots_of_node(const struct layout *l)
{
	const uint32_t room = AT(l, xa_node, SIZE) - AT(l, xa_node, slots);

	return room >= SLOTS_MAX * sizeof(uint64_t) ? SLOTS_MAX : 16;
}

/* Sorts an entry: an object, or a node of the next level. */
static void take_entry(struct reach *reach, uint64_t entry, uint64_t id,
		       struct vec *nodes, struct vec *entries)
{
	const struct tree_node node = { entry - 2, id };
	const struct idr_entry object = { entry, id };

	if (is_node(entry))
		reach_push(reach, nodes, &node);
	else if (entry && !(entry & 3))
		reach_push(reach, entries, &object);
}

static void read_node(struct reach *reach, const struct tree_node *node,
		      struct vec *nodes, struct vec *entries)
{
	const uint32_t n = slots_of_node(&reach->layout);
	uint64_t slots[SLOTS_MAX];
	uint8_t shift;
	uint32_t i;

	memory_read(reach->memory,
		    node->address + OFFSET(reach, xa_node, shift), &shift,
		    sizeof(shift));
	memory_read(reach->memory,
		    node->address + OFFSET(reach, xa_node, slots), slots,
		    n * sizeof(*slots));
	for (i = 0; i < n && shift < 32; i++)
		take_entry(reach, slots[i],
			   node->first + ((uint64_t)i << shift), nodes,
			   entries);
}

void idr_read(struct reach *reach, const struct keeper *keeper, uint64_t idr,
	      struct vec *entries)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(struct tree_node);
	uint64_t root = idr + OFFSET(reach, idr, idr_rt) +
			OFFSET(reach, xarray, xa_head);
	const size_t first = entries->n;
	uint32_t base;
	size_t i;

	base = memory_u32(reach->memory, idr + OFFSET(reach, idr, idr_base));
	take_entry(reach, memory_u64(reach->memory, root), 0, &nodes, entries);
	/* A node is read once: a torn tree has no cycle that goes on forever.
	 */
	for (i = 0; i < nodes.n && i < NODES_MAX && !reach->error; i++) {
		struct tree_node node = *(struct tree_node *)vec_at(&nodes, i);

		if (reach_is_new(reach, node.address))
			read_node(reach, &node, &nodes, entries);
	}
	if (i == NODES_MAX)
		reach_end(reach, keeper, CHAIN_LONG);
	for (i = first; i < entries->n; i++)
		((struct idr_entry *)vec_at(entries, i))->id += base;
}
