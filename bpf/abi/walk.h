/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What user space and walk.bpf.c share: the plan of a walk, and its records. A
 * walk knows offsets, but no types.
 */
#ifndef ABI_WALK_H
#define ABI_WALK_H

#include <linux/types.h>

/* How objects are linked. */
enum walk_kind {
	WALK_ARRAY, /* next to each other in memory */
	WALK_LIST, /* struct list_head, circular */
	WALK_HLIST, /* struct hlist_head, ends with NULL or an odd value */
	WALK_CHAIN, /* pointers to the next object, ends with NULL */
	WALK_TREE, /* struct rb_root, in order */
	WALK_XARRAY, /* struct xarray, in order */
};

/* What the walk copies from the end of a field's path. */
enum walk_take {
	WALK_TAKE_BYTES, /* the bytes */
	WALK_TAKE_STRING, /* the bytes up to a NUL */
	WALK_TAKE_ADDRESS, /* the address of the end */
};

enum {
	WALK_FIELDS = 32, /* of an object */
	WALK_HOPS = 12, /* offsets of a path */
	WALK_FIELD_BYTES = 256,
	WALK_DATA_BYTES = 4096, /* all fields of an object */
	WALK_HEADS = 1024, /* of one plan */
	WALK_OUT_BYTES = 1 << 20,
};

/*
 * A path: it begins at the object plus offset[0]. Each further offset is added
 * to the value of the pointer at the address so far.
 */
struct walk_field {
	__s32 offset[WALK_HOPS];
	__u16 offsets; /* at least 1 */
	__u16 take; /* enum walk_take */
	__u16 bytes; /* at most WALK_FIELD_BYTES */
	__u16 at; /* offset in the data of the record */
};

struct walk_plan {
	__u32 kind; /* enum walk_kind */
	__u32 fields;
	/* Offset of the link in an object; for arrays, size of an object. */
	__u32 link;
	/* Chains: offset in an object at which pointers to it point. */
	__u32 back;
	__u32 count; /* arrays: objects */
	/* struct xa_node. */
	__u32 xa_head, xa_slots, xa_chunk;
	__u32 xa_shift, xa_offset, xa_parent, xa_array;
	__u32 heads;
	__u32 record; /* bytes, a multiple of 8 */
	__u64 lowest; /* see kernel_lowest_address() */
	struct walk_field field[WALK_FIELDS];
	__u64 head[WALK_HEADS];
};

/* Where the walk goes on. All zero: at the first head. */
struct walk_position {
	__u64 at; /* address of the link, or of the node of a tree or xarray */
	__u64 from; /* address of the link before */
	__u64 index; /* of the next object */
	__u32 head;
	__u32 phase; /* enum tree_phase, or the slot of an xarray's node */
};

/* Followed by the bytes of the fields. */
struct walk_record {
	__u64 object;
	__u64 index; /* in the array or xarray, else a count from 0 */
	__u32 head;
	__u32 null; /* a bit for each field: a pointer on its path is NULL */
	__u32 fault; /* a bit for each field: its path cannot be read */
	__u32 pad;
};

/* How a run ended. */
enum walk_end {
	WALK_MORE, /* there is more: run it again */
	WALK_DONE, /* all heads are done */
	WALK_FULL, /* the output is full: empty it, run again */
	WALK_TORN, /* the structure changed at this place: try again */
};

#endif
