// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Types of a small kernel, for tests of btfwalk without a real kernel. Only the
 * BTF of the compiled object is used.
 */
#include <stdbool.h>
#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right, *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct xa_node {
	unsigned char shift, offset, count, nr_values;
	struct xa_node *parent;
	struct xarray *array;
	void *slots[64];
};

struct xarray {
	int xa_lock;
	unsigned int xa_flags;
	void *xa_head;
};

typedef struct {
	int counter;
} atomic_t;

enum color { RED, GREEN = 7, BLUE = 1000 };

struct vendor;

struct gadget {
	char *name;
	struct list_head node;
	struct vendor *vendor; /* declared only */
	unsigned long long serial;
};

struct widget {
	int id;
	const char *name;
	char label[8];
	unsigned char mac[6];
	short axes[3];
	enum color color;
	unsigned int low : 3, high : 7;
	int delta : 5;
	bool on;
	atomic_t refs;
	struct list_head node, gadgets;
	struct hlist_node hash;
	struct llist_node lazy;
	struct rb_node tree;
	struct gadget *main, *spares[4];
	struct gadget own;
	struct widget *next;
	void *private;
	int (*poke)(struct widget *widget);
	union {
		unsigned long word;
		struct {
			__u32 half, rest;
		};
	};
};

struct shelf {
	struct list_head widgets;
	struct hlist_head table[16];
	struct rb_root sorted;
	struct xarray all;
	struct widget *first;
};

/* The compiler omits types from BTF that no symbol refers to. */
struct widget widget;
struct shelf shelf;
struct xa_node xa_node;
