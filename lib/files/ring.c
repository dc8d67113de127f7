// SPDX-License-Identifier: LGPL-2.1-or-later
/* io_urings: the files that are registered with one. */
#include "files/kinds.h"
#include "files/requests.h"
#include "util/cleanup.h"

enum { SLOTS_MAX = 1 << 20 };

/* The lowest bits of a pointer to a file are flags. */
#define FILE_MASK (~7ULL)

const enum kernel_field ring_needs[] = {
	FIELD_io_ring_ctx_file_table,
	FIELDS,
};

/* Since v6.13: a table of nodes. */
static void read_nodes(struct reach *reach, const struct keeper *ring,
		       struct vec *files)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	const uint64_t data = ring->object +
			      OFFSET(reach, io_ring_ctx, file_table) +
			      OFFSET(reach, io_file_table, data);

	reach_array(reach, ring, FOLLOW(reach, data, io_rsrc_data, nodes),
		    memory_u32(reach->memory,
			       data + OFFSET(reach, io_rsrc_data, nr)),
		    SLOTS_MAX, &nodes);
	reach_gather(reach, &nodes, OFFSET(reach, io_rsrc_node, file_ptr),
		     files);
}

/* Before: an array of files, each a struct that begins with its pointer. */
static void read_array(struct reach *reach, const struct keeper *ring,
		       struct vec *files)
{
	const uint64_t table =
		ring->object + OFFSET(reach, io_ring_ctx, file_table);

	reach_array(reach, ring, FOLLOW(reach, table, io_file_table, files),
		    memory_u32(reach->memory,
			       ring->object + OFFSET(reach, io_ring_ctx,
						     nr_user_files)),
		    SLOTS_MAX, files);
}

static bool has_array(const struct reach *reach)
{
	const struct layout *l = &reach->layout;

	return HAS(l, io_file_table, files) &&
	       HAS(l, io_ring_ctx, nr_user_files) &&
	       AT(l, io_fixed_file, SIZE) == sizeof(uint64_t);
}

void ring_read(struct reach *reach, const struct keeper *ring)
{
	_cleanup_(vec_fini) struct vec files = VEC_OF(uint64_t);
	struct slot slot = { .type = DMABUF_REC_REF_IO_URING,
			     .refs = 1,
			     .table = ring->object };
	const uint64_t *file;

	if (HAS(&reach->layout, io_file_table, data))
		read_nodes(reach, ring, &files);
	else if (has_array(reach))
		read_array(reach, ring, &files);
	else
		reach->missing |= 1U << ring->kind;
	file = files.data;
	for (; slot.place < files.n; slot.place++)
		reach_file(reach, ring, file[slot.place] & FILE_MASK, &slot);
	requests_read(reach, ring);
}
