// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/prime.h"

#include "util/cleanup.h"
#include "util/u64.h"

enum { MEMBERS_MAX = 1 << 17 };

static int compare_handles(const void *left, const void *right)
{
	return u64_compare(*(const uint32_t *)left, *(const uint32_t *)right);
}

bool prime_has(const struct vec *handles, uint32_t handle)
{
	return handles->n && bsearch(&handle, handles->data, handles->n,
				     handles->each, compare_handles);
}

/* Reads the nodes from @first on, and appends their children. */
static void read_nodes(struct reach *reach, struct vec *nodes, size_t first,
		       struct vec *handles)
{
	static const enum kernel_field children[] = { FIELD_rb_node_rb_left,
						      FIELD_rb_node_rb_right };
	const size_t n = nodes->n - first;
	_cleanup_(vec_fini) struct vec next = VEC_OF(uint64_t);
	struct memory *m = reach->memory;
	const size_t known = handles->n;
	uint64_t *child;
	size_t i, side;

	reach_room(reach, handles, known + n);
	child = reach_room(reach, &next, n);
	if (reach->error)
		return;
	/* A member has its handle before or behind its node. */
	memory_gather(m, vec_at(nodes, first), n,
		      OFFSET(reach, drm_prime_member, handle) -
			      OFFSET(reach, drm_prime_member, handle_rb),
		      vec_at(handles, known), sizeof(uint32_t));
	for (side = 0; side < 2; side++) {
		memory_gather(m, vec_at(nodes, first), n,
			      reach->layout.at[children[side]], child,
			      sizeof(*child));
		for (i = 0; i < n; i++)
			if (child[i] && reach_is_new(reach, child[i]))
				reach_push(reach, nodes, &child[i]);
	}
}

void prime_read(struct reach *reach, const struct keeper *keeper, uint64_t file,
		struct vec *handles)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	const uint64_t root = memory_u64(
		reach->memory,
		file + OFFSET(reach, drm_file, prime) +
			OFFSET(reach, drm_prime_file_private, handles) +
			OFFSET(reach, rb_root, rb_node));
	size_t first = 0, n;

	if (root && reach_is_new(reach, root))
		reach_push(reach, &nodes, &root);
	while (first < nodes.n && nodes.n < MEMBERS_MAX && !reach->error) {
		n = nodes.n;
		read_nodes(reach, &nodes, first, handles);
		first = n;
	}
	if (first < nodes.n)
		reach_end(reach, keeper, CHAIN_LONG);
	vec_sort(handles, compare_handles);
}
