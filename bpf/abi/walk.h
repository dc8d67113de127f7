/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What user space hands to the walk of walk.bpf.c and gets back: the walk knows
 * no type, only offsets.
 */
#ifndef ABI_WALK_H
#define ABI_WALK_H

#include <linux/types.h>

/* How objects hang together. */
enum walk_kind {
	WALK_ARRAY, /* one behind the other */
	WALK_LIST, /* struct list_head, a ring */
	WALK_HLIST, /* struct hlist_head, which ends with NULL or an odd value
		     */
	WALK_CHAIN, /* a pointer to the next, the last has NULL */
	WALK_TREE, /* struct rb_root, in order */
	WALK_XARRAY, /* struct xarray, in order */
};

/* What is taken from the place where the path of a field ends. */
enum walk_take {
	WALK_TAKE_BYTES, /* what is there */
	WALK_TAKE_STRING, /* the same, up to its NUL */
	WALK_TAKE_ADDRESS, /* the place itself */
};

enum {
	WALK_FIELDS = 32, /* of an object */
	WALK_HOPS = 12, /* pointers on the path to one */
	WALK_FIELD_BYTES = 256,
	WALK_DATA_BYTES = 4096, /* all fields of an object */
	WALK_HEADS = 1024, /* of one filling of the plan */
	WALK_OUT_BYTES = 1 << 20,
};

/*
 * A path: from the object on by offset[0], then for each further offset to
 * where the pointer there points, and on by it.
 */
struct walk_field {
	__s32 offset[WALK_HOPS];
	__u16 offsets; /* at least 1 */
	__u16 take; /* enum walk_take */
	__u16 bytes; /* at most WALK_FIELD_BYTES */
	__u16 at; /* where they go in the record's data */
};

struct walk_plan {
	__u32 kind; /* enum walk_kind */
	__u32 fields;
	/* From an object to what links it; for arrays, to the next object. */
	__u32 link;
	/* Chains: the same, or 0 when the pointers point at objects. */
	__u32 back;
	__u32 count; /* arrays: objects */
	/* struct xa_node. */
	__u32 xa_head, xa_slots, xa_chunk;
	__u32 xa_shift, xa_offset, xa_parent, xa_array;
	__u32 heads;
	__u32 record; /* bytes, a multiple of 8 */
	/*
	 * No memory of the kernel is below. On some CPUs kernels of old take
	 * an address that is none (v5.10, v6.1 with LA57) for one, and complain
	 * when it faults.
	 */
	__u64 lowest;
	struct walk_field field[WALK_FIELDS];
	__u64 head[WALK_HEADS];
};

/* Where the walk stands; zero is the first head. */
struct walk_position {
	__u64 at; /* the link's address, the tree's node, or the xarray's */
	__u64 from; /* what pointed there */
	__u64 index; /* of the next object */
	__u32 head;
	__u32 phase; /* of a tree's node; of an xarray, the slot */
};

/* Followed by the fields' bytes. */
struct walk_record {
	__u64 object;
	__u64 index; /* in an array or xarray, else its place */
	__u32 head;
	__u32 null; /* a bit for each field: a pointer on its path is NULL */
	__u32 fault; /* or leads nowhere */
	__u32 pad;
};

/* How a run ended. */
enum walk_end {
	WALK_MORE, /* it was long enough: run it again */
	WALK_DONE, /* all heads closed */
	WALK_FULL, /* no room in the output: take it out, run again */
	WALK_TORN, /* the structure changed at this place: try it again */
};

#endif
