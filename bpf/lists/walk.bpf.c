// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks any list, tree or array of the kernel. Its plan has the offsets, which
 * user space finds in BTF. The program itself needs neither BTF nor CO-RE.
 *
 * It takes no lock and no reference. It relies on this:
 *
 * - Every read goes through bpf_probe_read_kernel(), which cannot fault.
 * - A step to the next object is valid only if the links of both objects agree
 *   and the link to the current position has not changed, before and after the
 *   fields of the object are read. If an object is removed, or removed and
 *   added elsewhere, the walk is torn. Chains have only forward links.
 * - A run is an RCU read-side critical section: memory that RCU frees stays
 *   until the run ends. Runs are short, because nothing can preempt one.
 */
#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#include "abi/walk.h"

char LICENSE[] SEC("license") = "GPL";

#define RUN_STEPS 512

#define TREE_RIGHT 8
#define TREE_LEFT  16

#define XA_INTERNAL(entry) (((entry)&3) == 2)
/* Below are siblings, and marks of a walk of the kernel's own. */
#define XA_NODE_MIN 4096
#define XA_CHUNK    64

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;

struct walk_plan plan;
struct walk_position position;
__u32 out_used;
/* A record that begins within WALK_OUT_BYTES has room for all its fields. */
__u8 out[WALK_OUT_BYTES + WALK_DATA_BYTES];

/*
 * The current object, and its fields that could not be read. On the stack, the
 * verifier would look at each of their values.
 */
static u64 object, object_index;
static u32 null, fault;

static __always_inline long peek(void *to, u32 bytes, u64 address)
{
	if (address < plan.lowest)
		return -1;
	return bpf_probe_read_kernel(to, bytes, (void *)address);
}

static __always_inline u64 load(u64 address)
{
	u64 value = 0;

	peek(&value, sizeof(value), address);
	return value;
}

static __always_inline u8 load_byte(u64 address)
{
	u8 value = 0;

	peek(&value, sizeof(value), address);
	return value;
}

/*
 * The compiler removes a check of a value that it knows to be in range, but the
 * verifier needs that check.
 */
#define bounded(value, mask)                                                   \
	({                                                                     \
		u64 __value = (value);                                         \
		asm volatile("%0 &= " #mask : "+r"(__value));                  \
		__value;                                                       \
	})

/**
 * read_field() - read a field of the object
 * @i: index of the field
 *
 * This function and those below are global, so that the verifier checks each of
 * them once.
 *
 * Return: 0, 1 if a pointer on the path is NULL, 2 if one cannot be read.
 */
__noinline int read_field(u32 i)
{
	struct walk_record *record;
	struct walk_field *field;
	u64 at = object, to;
	u32 hop, bytes;
	void *data;

	field = &plan.field[bounded(i, 31)];
	to = bounded(out_used + sizeof(*record) + field->at, 0xfffff);
	data = out + to;

	at += field->offset[0];
	for (hop = 1; hop < WALK_HOPS && hop < field->offsets; hop++) {
		u64 next;

		if (peek(&next, sizeof(next), at))
			return 2;
		if (!next)
			return 1;
		at = next + field->offset[hop];
	}

	if (field->take == WALK_TAKE_ADDRESS) {
		*(volatile u64 *)data = at;
		return 0;
	}
	bytes = bounded(field->bytes, 0x1ff);
	if (bytes > WALK_FIELD_BYTES || at < plan.lowest)
		return 2;
	if (field->take == WALK_TAKE_STRING)
		return bpf_probe_read_kernel_str(data, bytes, (void *)at) < 0
			       ? 2
			       : 0;
	return bpf_probe_read_kernel(data, bytes, (void *)at) ? 2 : 0;
}

/**
 * read_object() - put a record of the object into the output
 *
 * keep_object() makes it part of the output.
 *
 * Return: enum walk_end, WALK_MORE on success.
 */
__noinline int read_object(void)
{
	struct walk_record *record;
	u32 i;

	null = fault = 0;
	if (out_used + plan.record > WALK_OUT_BYTES)
		return WALK_FULL;

	for (i = 0; i < WALK_FIELDS && i < plan.fields; i++) {
		int r = read_field(i);

		if (r == 1)
			null |= 1 << i;
		if (r == 2)
			fault |= 1 << i;
	}
	record = (void *)(out + bounded(out_used, 0xfffff));
	record->object = object;
	record->index = object_index;
	record->head = position.head;
	record->null = null;
	record->fault = fault;
	return WALK_MORE;
}

static __always_inline void keep_object(void)
{
	out_used += plan.record;
}

/* Goes on with the next head. */
static __always_inline int next_head(void)
{
	position.at = position.from = position.index = 0;
	position.phase = 0;
	position.head++;
	return WALK_MORE;
}

static __always_inline u64 this_head(void)
{
	return plan.head[bounded(position.head, 1023)];
}

__noinline int step_array(void)
{
	int end;

	if (position.index >= plan.count)
		return next_head();
	object = this_head() + position.index * plan.link;
	object_index = position.index;
	end = read_object();
	if (end != WALK_MORE)
		return end;
	keep_object();
	position.index++;
	return WALK_MORE;
}

/* Whether @link points to @node, and @node points back. */
static __always_inline bool linked(u64 link, u64 node)
{
	if (load(link) != node)
		return false;
	return plan.kind == WALK_CHAIN || load(node + 8) == link;
}

/*
 * Lists, hash lists and chains: position.at is the address of the link to the
 * next node, position.from that of the link before it. A node of a list or a
 * hash list begins with its link, followed by the address of the link to it.
 */
__noinline int step_list(void)
{
	u64 head = this_head(), at = position.at ?: head, from = position.from;
	u64 back = plan.kind == WALK_CHAIN ? plan.back : plan.link;
	u64 self = at - plan.link + back, node;
	int end;

	if (from && !linked(from, self))
		return WALK_TORN;
	/* A link that cannot be read is not the end of the list. */
	if (peek(&node, sizeof(node), at))
		return WALK_TORN;
	if (plan.kind == WALK_LIST) {
		/* The links of the last node agree, too. */
		if (!linked(at, node))
			return WALK_TORN;
		if (node == head)
			return next_head();
	} else if (!node || (plan.kind == WALK_HLIST && node & 1)) {
		/* A removed entry still points to the end of its hash list. */
		return load(at) == node && (!from || linked(from, self))
			       ? next_head()
			       : WALK_TORN;
	} else if (!linked(at, node)) {
		return WALK_TORN;
	}

	object = node - back;
	object_index = position.index;
	end = read_object();
	if (end != WALK_MORE)
		return end;
	if (!linked(at, node) || (from && !linked(from, self)))
		return WALK_TORN;
	keep_object();
	position.from = at;
	position.at = object + plan.link;
	position.index++;
	return WALK_MORE;
}

static __always_inline u64 tree_parent(u64 node)
{
	return load(node) & ~3ULL;
}

enum tree_phase { TREE_DOWN, TREE_MIDDLE, TREE_UP };

/* Whether @node is a child of its parent, or of the root. */
static __always_inline bool tree_linked(u64 root, u64 node)
{
	u64 parent = tree_parent(node);

	if (!parent)
		return load(root) == node;
	return load(parent + TREE_LEFT) == node ||
	       load(parent + TREE_RIGHT) == node;
}

/* Follows one edge of the tree, or reads the object of a node. */
__noinline int step_tree(void)
{
	u64 root = this_head(), node = position.at, next;
	int end;

	if (!node) {
		if (peek(&node, sizeof(node), root))
			return WALK_TORN;
		if (!node)
			return next_head();
		if (tree_parent(node))
			return WALK_TORN;
		position.at = node;
		position.phase = TREE_DOWN;
	}
	if (!tree_linked(root, node))
		return WALK_TORN;

	if (position.phase == TREE_DOWN || position.phase == TREE_MIDDLE) {
		next = load(node + (position.phase == TREE_DOWN ? TREE_LEFT
								: TREE_RIGHT));
		if (position.phase == TREE_MIDDLE) {
			object = node - plan.link;
			object_index = position.index;
			end = read_object();
			if (end != WALK_MORE)
				return end;
		}
		if (next && tree_parent(next) != node)
			return WALK_TORN;
		if (!tree_linked(root, node))
			return WALK_TORN;
		if (position.phase == TREE_MIDDLE) {
			keep_object();
			position.index++;
		}
		if (next) {
			position.at = next;
			position.phase = TREE_DOWN;
		} else {
			position.phase++;
		}
		return WALK_MORE;
	}

	next = tree_parent(node);
	if (!next)
		return load(root) == node ? next_head() : WALK_TORN;
	if (load(next + TREE_LEFT) == node)
		position.phase = TREE_MIDDLE;
	else if (load(next + TREE_RIGHT) == node)
		position.phase = TREE_UP;
	else
		return WALK_TORN;
	position.at = next;
	return WALK_MORE;
}

/* Finds the next slot that is not empty, from position.phase on. */
__noinline int seek_slot(void)
{
	u64 slots = position.at + plan.xa_slots;
	u32 i, slot = position.phase;

	for (i = 0; i < XA_CHUNK; i++) {
		if (slot >= plan.xa_chunk || load(slots + slot * 8))
			break;
		slot++;
	}
	position.phase = slot;
	return 0;
}

/* Whether a node is still at its place in the xarray. */
static __always_inline bool xa_linked(u64 xa, u64 node)
{
	u64 parent = load(node + plan.xa_parent);
	u64 entry = parent ? load(parent + plan.xa_slots +
				  load_byte(node + plan.xa_offset) * 8ULL)
			   : load(xa + plan.xa_head);

	return load(node + plan.xa_array) == xa && entry == (node | 2);
}

/* From the root to the first node, or to the one entry that has no node. */
static __always_inline int xa_enter(u64 xa)
{
	u64 entry;
	int end;

	if (peek(&entry, sizeof(entry), xa + plan.xa_head))
		return WALK_TORN;
	if (!entry)
		return next_head();
	if (XA_INTERNAL(entry)) {
		if (entry < XA_NODE_MIN)
			return WALK_TORN;
		position.at = entry - 2;
		return WALK_MORE;
	}
	/* A single entry, at index 0. */
	if (position.phase || entry & 1)
		return next_head();
	object = entry & ~3ULL;
	object_index = 0;
	end = read_object();
	if (end != WALK_MORE)
		return end;
	if (load(xa + plan.xa_head) != entry)
		return WALK_TORN;
	keep_object();
	position.phase = 1;
	return WALK_MORE;
}

/* From a node whose slots are done to the next slot of its parent. */
static __always_inline int xa_leave(u64 xa, u64 node)
{
	u64 parent = load(node + plan.xa_parent);
	u32 offset = load_byte(node + plan.xa_offset);
	u32 shift;

	if (!xa_linked(xa, node))
		return WALK_TORN;
	if (!parent)
		return next_head();
	shift = load_byte(parent + plan.xa_shift) & 63;
	position.index -= (u64)offset << shift;
	position.phase = offset + 1;
	position.at = parent;
	return WALK_MORE;
}

/* From a slot down to the node in it. */
static __always_inline int xa_descend(u64 node, u64 child, u64 index)
{
	if (load(child + plan.xa_parent) != node ||
	    load_byte(child + plan.xa_offset) != position.phase)
		return WALK_TORN;
	position.at = child;
	position.index = index;
	position.phase = 0;
	return WALK_MORE;
}

/*
 * position.at is a node, position.phase a slot in it, position.index the index
 * of the node's first slot.
 */
__noinline int step_xarray(void)
{
	u64 xa = this_head(), node = position.at, slot, entry, index;
	u32 shift;
	int end;

	if (!node)
		return xa_enter(xa);
	if (!xa_linked(xa, node))
		return WALK_TORN;
	shift = load_byte(node + plan.xa_shift) & 63;
	seek_slot();
	if (position.phase >= plan.xa_chunk)
		return xa_leave(xa, node);

	slot = node + plan.xa_slots + position.phase * 8ULL;
	entry = load(slot);
	index = position.index + ((u64)position.phase << shift);
	if (XA_INTERNAL(entry) && entry >= XA_NODE_MIN)
		return xa_descend(node, entry - 2, index);
	/* Skip empty slots, siblings, and values, which are no objects. */
	if (entry && !XA_INTERNAL(entry) && !(entry & 1)) {
		object = entry & ~3ULL;
		object_index = index;
		end = read_object();
		if (end != WALK_MORE)
			return end;
		if (load(slot) != entry || !xa_linked(xa, node))
			return WALK_TORN;
		keep_object();
	}
	position.phase++;
	return WALK_MORE;
}

__noinline int step(void)
{
	if (position.head >= plan.heads || position.head >= WALK_HEADS)
		return WALK_DONE;
	switch (plan.kind) {
	case WALK_ARRAY:
		return step_array();
	case WALK_TREE:
		return step_tree();
	case WALK_XARRAY:
		return step_xarray();
	default:
		return step_list();
	}
}

SEC("raw_tp")
int walk(void *ctx)
{
	int i, end = WALK_MORE;

	for (i = 0; i < RUN_STEPS && end == WALK_MORE; i++)
		end = step();
	return end;
}
