// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/idr.h"

#include <string.h>

#include "files/trees.h"
#include "util/cleanup.h"

enum {
	NODES_MAX = 1 << 16,
	LAYERS_MAX = 16,
	SHIFT_ANY = UINT8_MAX, /* of a root */
	SHIFT_MAX = 30,
};

/* The lowest bits of an entry tell whether it points to a node. */
static bool is_node(uint64_t entry)
{
	return (entry & 3) == 2 && entry > 4096;
}

static bool is_object(uint64_t entry)
{
	return entry && !(entry & 3);
}

/* A node has 64 slots, or 16 with CONFIG_BASE_SMALL. */
static uint32_t bits_of_slot(const struct layout *l)
{
	const uint32_t room = AT(l, xa_node, SIZE) - AT(l, xa_node, slots);

	return room >= 64 * sizeof(uint64_t) ? 6 : 4;
}

static uint32_t slots_of_node(const struct reach *reach)
{
	return 1U << bits_of_slot(&reach->layout);
}

/* What is read of a node begins with its shift, and has its slots. */
static uint8_t shift_in(const void *piece)
{
	return *(const uint8_t *)piece;
}

static uint64_t slot_in(const struct trees *trees, const void *piece,
			uint32_t slot)
{
	const uint32_t at = OFFSET(trees->reach, xa_node, slots) -
			    OFFSET(trees->reach, xa_node, shift);
	uint64_t entry;

	memcpy(&entry, (const char *)piece + at + slot * sizeof(entry),
	       sizeof(entry));
	return entry;
}

static void add_root(struct trees *trees, size_t tree, uint64_t root)
{
	const struct tree_node node = { .address = root - 2,
					.tree = tree,
					.shift = SHIFT_ANY };

	if (is_node(root))
		trees_add(trees, &node);
}

static void add_children(struct trees *trees, const struct tree_node *node,
			 const void *piece)
{
	const uint32_t bits = bits_of_slot(&trees->reach->layout);
	const uint8_t shift = shift_in(piece);
	struct tree_node child = { .tree = node->tree, .shift = shift - bits };
	uint64_t entry;
	uint32_t i;

	/* So a torn tree has no cycle. */
	if (shift > SHIFT_MAX ||
	    (node->shift != SHIFT_ANY && node->shift != shift)) {
		trees_note_torn(trees, node->tree);
		return;
	}
	for (i = 0; shift && i < 1U << bits; i++) {
		entry = slot_in(trees, piece, i);
		child.address = entry - 2;
		child.first = node->first + ((uint64_t)i << shift);
		if (is_node(entry))
			trees_add(trees, &child);
	}
}

static const struct tree_kind idr_kind = {
	.add_root = add_root,
	.add_children = add_children,
	.nodes_max = NODES_MAX,
	.layers_max = LAYERS_MAX,
};

/* Appends the objects of one node. */
static void take_objects(const struct trees *trees, size_t i,
			 const uint32_t *bases, struct vec *entries)
{
	const struct tree_node *node = vec_at(&trees->nodes, i);
	const void *piece = vec_at(&trees->pieces, i);
	const uint8_t shift = shift_in(piece);
	struct idr_entry entry = { .keeper = node->tree };
	uint32_t slot;

	for (slot = 0; slot < slots_of_node(trees->reach); slot++) {
		entry.object = slot_in(trees, piece, slot);
		entry.id = bases[node->tree] + node->first +
			   ((uint64_t)slot << (shift & 31));
		if (is_object(entry.object))
			reach_push(trees->reach, entries, &entry);
	}
}

/* An IDR that has nothing but ID 0 has no node. */
static void take_root(const struct trees *trees, size_t i,
		      const uint32_t *bases, struct vec *entries)
{
	const struct tree *tree = vec_at(&trees->trees, i);
	const struct idr_entry entry = { i, tree->root, bases[i] };

	if (is_object(tree->root))
		reach_push(trees->reach, entries, &entry);
}

void idr_read(struct reach *reach, const struct vec *keepers, uint32_t at,
	      struct vec *entries)
{
	const struct layout *l = &reach->layout;
	_cleanup_(trees_fini) struct trees trees =
		TREES(reach, &idr_kind, AT(l, xa_node, shift),
		      AT(l, xa_node, slots) +
			      slots_of_node(reach) * sizeof(uint64_t));
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       bases = VEC_OF(uint32_t);
	size_t i;

	reach_objects(reach, keepers, &objects);
	reach_gather(reach, &objects, at + AT(l, idr, idr_base), &bases);
	trees_read(&trees, keepers,
		   at + AT(l, idr, idr_rt) + AT(l, xarray, xa_head));
	for (i = 0; i < trees.trees.n && !reach->error; i++)
		take_root(&trees, i, bases.data, entries);
	for (i = 0; i < trees.nodes.n && !reach->error; i++)
		take_objects(&trees, i, bases.data, entries);
}
