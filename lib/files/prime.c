// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/prime.h"

#include <string.h>

#include "files/trees.h"
#include "util/cleanup.h"
#include "util/u64.h"

enum {
	MEMBERS_MAX = 1 << 17,
	LAYERS_MAX = 64, /* a red-black tree of so many members has 34 */
};

/* The index of a file and a handle of it, as one number. */
static uint64_t make_key(size_t keeper, uint32_t handle)
{
	return (uint64_t)keeper << 32 | handle;
}

bool prime_has(const struct vec *handles, size_t keeper, uint32_t handle)
{
	const uint64_t key = make_key(keeper, handle);

	return vec_find(handles, &key, u64_compare_at);
}

/* Where a node, which is inside of a member, has what is read. */
struct places {
	int32_t left, right, handle;
};

static struct places get_places(const struct reach *reach)
{
	const struct layout *l = &reach->layout;

	return (struct places){
		.left = AT(l, rb_node, rb_left),
		.right = AT(l, rb_node, rb_right),
		/* Before or behind the node. */
		.handle = AT(l, drm_prime_member, handle) -
			  AT(l, drm_prime_member, handle_rb),
	};
}

static void add_root(struct trees *trees, size_t tree, uint64_t root)
{
	const struct tree_node node = { .address = root, .tree = tree };

	if (root)
		trees_add(trees, &node);
}

static void add_child(struct trees *trees, const struct tree_node *node,
		      const void *piece, int32_t place)
{
	uint64_t child;

	memcpy(&child, (const char *)piece + place - trees->offset,
	       sizeof(child));
	add_root(trees, node->tree, child);
}

static void add_children(struct trees *trees, const struct tree_node *node,
			 const void *piece)
{
	const struct places places = get_places(trees->reach);

	add_child(trees, node, piece, places.left);
	add_child(trees, node, piece, places.right);
}

static const struct tree_kind prime_kind = {
	.add_root = add_root,
	.add_children = add_children,
	.nodes_max = MEMBERS_MAX,
	.layers_max = LAYERS_MAX,
};

/* Appends the handle of one member. */
static void take_handle(const struct trees *trees, size_t i, int32_t place,
			struct vec *handles)
{
	const struct tree_node *node = vec_at(&trees->nodes, i);
	const char *piece = vec_at(&trees->pieces, i);
	uint32_t handle;
	uint64_t key;

	memcpy(&handle, piece + place - trees->offset, sizeof(handle));
	key = make_key(node->tree, handle);
	reach_push(trees->reach, handles, &key);
}

static int32_t min(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t max(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

void prime_read(struct reach *reach, const struct vec *keepers,
		struct vec *handles)
{
	const struct places p = get_places(reach);
	const int32_t begin = min(min(p.left, p.right), p.handle),
		      end = max(max(p.left, p.right) + 8, p.handle + 4);
	_cleanup_(trees_fini) struct trees trees =
		TREES(reach, &prime_kind, begin, end);
	size_t i;

	trees_read(&trees, keepers,
		   OFFSET(reach, drm_file, prime) +
			   OFFSET(reach, drm_prime_file_private, handles) +
			   OFFSET(reach, rb_root, rb_node));
	for (i = 0; i < trees.nodes.n && !reach->error; i++)
		take_handle(&trees, i, p.handle, handles);
	vec_sort(handles, u64_compare_at);
}
