/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads trees of the kernel: many at a time, one layer after the other. Then
 * all of it is read once more, and a tree that has changed is tried again.
 */
#ifndef FILES_TREES_H
#define FILES_TREES_H

#include "files/reach.h"

/**
 * struct tree - one of the trees
 * @pointer: address of the pointer to its root
 * @root: this pointer
 * @nodes: number of its nodes
 * @tries: how often it was read
 * @end: how the last time has ended
 */
struct tree {
	uint64_t pointer, root;
	size_t nodes;
	unsigned int tries;
	enum chain_end end;
};

/**
 * struct tree_node - a node of a tree
 * @address: its address
 * @tree: index of its tree
 * @first: what the kind of tree knows of a node before it is read
 * @shift: the same
 */
struct tree_node {
	uint64_t address;
	size_t tree;
	uint64_t first;
	uint32_t shift;
};

struct trees;

/**
 * struct tree_kind - a kind of tree
 * @add_root: adds the root of a tree if it is a node
 * @add_children: adds the children of a node, from what was read of it
 * @nodes_max: nodes of one tree
 * @layers_max: layers of one tree
 */
struct tree_kind {
	void (*add_root)(struct trees *trees, size_t tree, uint64_t root);
	void (*add_children)(struct trees *trees, const struct tree_node *node,
			     const void *piece);
	size_t nodes_max, layers_max;
};

/**
 * struct trees - trees of one kind
 * @reach: the search
 * @kind: their kind
 * @offset: where the piece that is read of a node begins
 * @trees: struct tree
 * @nodes: struct tree_node
 * @pieces: for each node, what was read
 */
struct trees {
	struct reach *reach;
	const struct tree_kind *kind;
	int32_t offset;
	struct vec trees, nodes, pieces;
};

/* @begin, @end: the part of a node that is read, from the node's address. */
#define TREES(search, kind_of_trees, begin, end)                               \
	{                                                                      \
		.reach = (search), .kind = (kind_of_trees), .offset = (begin), \
		.trees = VEC_OF(struct tree),                                  \
		.nodes = VEC_OF(struct tree_node), .pieces = {                 \
			.each = (end) - (begin)                                \
		}                                                              \
	}

/*
 * Reads one tree of each of @keepers, with a pointer to its root @at bytes
 * behind the keeper's object. Notes how each one ended.
 */
void trees_read(struct trees *trees, const struct vec *keepers, uint32_t at);
void trees_fini(struct trees *trees);

/* For functions of the kind: adds a node. */
void trees_add(struct trees *trees, const struct tree_node *node);

/* For functions of the kind: a node is not as it can be. */
void trees_note_torn(struct trees *trees, size_t tree);

#endif
