// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/trees.h"

#include <string.h>

#include "util/cleanup.h"

enum { TRIES = 8 };

void trees_add(struct trees *trees, const struct tree_node *node)
{
	struct tree *tree = vec_at(&trees->trees, node->tree);

	if (tree->nodes == trees->kind->nodes_max) {
		tree->end = CHAIN_LONG;
		return;
	}
	tree->nodes++;
	reach_push(trees->reach, &trees->nodes, node);
}

void trees_note_torn(struct trees *trees, size_t tree)
{
	((struct tree *)vec_at(&trees->trees, tree))->end = CHAIN_TORN;
}

/* Queues reads of the roots of those trees that are in this try. */
static void queue_roots(struct trees *trees, unsigned int try,
			struct vec *roots)
{
	const struct tree *tree = NULL;
	uint64_t *root = reach_room(trees->reach, roots, trees->trees.n);

	while (roots->n && (tree = vec_next(&trees->trees, tree))) {
		if (tree->tries == try)
			memory_queue(trees->reach->memory, &tree->pointer, 1, 0,
				     root, sizeof(*root));
		root++;
	}
}

/* Appends a piece of each node from @first on, and queues their reads. */
static void queue_pieces(struct trees *trees, size_t first, struct vec *pieces)
{
	const size_t n = trees->nodes.n - first, known = pieces->n;
	const struct tree_node *node;
	size_t i;

	reach_room(trees->reach, pieces, known + n);
	for (i = 0; i < n && pieces->n; i++) {
		node = vec_at(&trees->nodes, first + i);
		memory_queue(trees->reach->memory, &node->address, 1,
			     trees->offset, vec_at(pieces, known + i),
			     pieces->each);
	}
}

static void read_roots(struct trees *trees, unsigned int try)
{
	_cleanup_(vec_fini) struct vec roots = VEC_OF(uint64_t);
	struct tree *tree;
	size_t i;

	queue_roots(trees, try, &roots);
	memory_run(trees->reach->memory);
	for (i = 0; i < roots.n; i++) {
		tree = vec_at(&trees->trees, i);
		if (tree->tries != try)
			continue;
		tree->root = number_at(&roots, i);
		trees->kind->add_root(trees, i, tree->root);
	}
}

/* Reads the nodes from @first on. Return: whether they have children. */
static bool read_layer(struct trees *trees, size_t first)
{
	const size_t end = trees->nodes.n;
	struct tree_node node;
	size_t i;

	queue_pieces(trees, first, &trees->pieces);
	memory_run(trees->reach->memory);
	for (i = first; i < end && !trees->reach->error; i++) {
		node = *(struct tree_node *)vec_at(&trees->nodes, i);
		trees->kind->add_children(trees, &node,
					  vec_at(&trees->pieces, i));
	}
	return trees->nodes.n > end && !trees->reach->error;
}

static void read_layers(struct trees *trees, size_t first)
{
	const struct tree_node *node;
	size_t layers = 0, end = first;

	do {
		first = end;
		end = trees->nodes.n;
	} while (end > first && read_layer(trees, first) &&
		 ++layers < trees->kind->layers_max);
	/* Those that were not read. */
	while (trees->nodes.n > trees->pieces.n) {
		node = vec_at(&trees->nodes, --trees->nodes.n);
		((struct tree *)vec_at(&trees->trees, node->tree))->end =
			CHAIN_LONG;
	}
}

/*
 * Reads all of this try once more. What is the same twice was so at the time
 * between.
 */
static void check(struct trees *trees, unsigned int try, size_t first)
{
	_cleanup_(vec_fini) struct vec roots = VEC_OF(uint64_t),
				       pieces = { .each = trees->pieces.each };
	const struct tree_node *node;
	const struct tree *tree;
	size_t i;

	queue_roots(trees, try, &roots);
	queue_pieces(trees, first, &pieces);
	memory_run(trees->reach->memory);
	for (i = 0; i < roots.n; i++) {
		tree = vec_at(&trees->trees, i);
		if (tree->tries == try && tree->root != number_at(&roots, i))
			trees_note_torn(trees, i);
	}
	for (i = 0; i < pieces.n; i++) {
		node = vec_at(&trees->nodes, first + i);
		if (memcmp(vec_at(&pieces, i),
			   vec_at(&trees->pieces, first + i), pieces.each))
			trees_note_torn(trees, node->tree);
	}
}

/* Forgets what was read of trees that have changed. Return: whether some have.
 */
static bool begin_try(struct trees *trees, unsigned int try)
{
	struct tree *tree = NULL;
	const struct tree_node *node;
	bool some = false;
	size_t i, kept = 0;

	for (i = 0; i < trees->nodes.n; i++) {
		node = vec_at(&trees->nodes, i);
		tree = vec_at(&trees->trees, node->tree);
		if (tree->end == CHAIN_TORN)
			continue;
		memmove(vec_at(&trees->nodes, kept), node, sizeof(*node));
		memmove(vec_at(&trees->pieces, kept++),
			vec_at(&trees->pieces, i), trees->pieces.each);
	}
	trees->nodes.n = trees->pieces.n = kept;
	for (tree = NULL; (tree = vec_next(&trees->trees, tree));) {
		if (tree->end != CHAIN_TORN)
			continue;
		tree->end = CHAIN_WHOLE;
		tree->tries = try;
		tree->nodes = 0;
		some = true;
	}
	return some;
}

void trees_read(struct trees *trees, const struct vec *keepers, uint32_t at)
{
	struct reach *reach = trees->reach;
	const struct keeper *keeper = NULL;
	struct tree tree = { .end = CHAIN_TORN };
	unsigned int try;
	size_t i, first;

	while ((keeper = vec_next(keepers, keeper))) {
		tree.pointer = keeper->object + at;
		reach_push(reach, &trees->trees, &tree);
	}
	for (try = 1; try <= TRIES && begin_try(trees, try); try++) {
		first = trees->nodes.n;
		read_roots(trees, try);
		read_layers(trees, first);
		check(trees, try, first);
	}
	for (i = 0; i < trees->trees.n; i++)
		reach_end(reach, vec_at(keepers, i),
			  ((struct tree *)vec_at(&trees->trees, i))->end);
}

void trees_fini(struct trees *trees)
{
	vec_fini(&trees->trees);
	vec_fini(&trees->nodes);
	vec_fini(&trees->pieces);
}
