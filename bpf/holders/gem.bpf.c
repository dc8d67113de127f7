// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of GEM objects, and the handles and framebuffers of these objects in
 * open DRM files. This is a separate program, since its types may belong to a
 * module.
 */
#include "common/indirect.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define SLOTS_MAX   64
#define LEAVES_MAX  4096
#define LEVELS_MAX  6
#define MEMBERS_MAX 40
#define FBS_MAX	    1024
#define PLANES_MAX  4

struct xarray {
	void *xa_head;
} core;

struct xa_node {
	unsigned char shift;
	void *slots[SLOTS_MAX];
} core;

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
} core;

struct rb_node {
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} core;

struct rb_root {
	struct rb_node *rb_node;
} core;

struct drm_prime_file_private {
	struct rb_root handles;
} core;

struct drm_prime_member {
	u32 handle;
	struct rb_node handle_rb;
} core;

struct drm_file {
	struct idr object_idr;
	struct list_head fbs;
	struct drm_prime_file_private prime;
} core;

struct drm_gem_object {
	struct dma_buf *dma_buf;
	struct dma_buf_attachment *import_attach;
} core;

struct drm_mode_object {
	u32 id;
} core;

struct drm_framebuffer {
	struct drm_mode_object base;
	struct drm_gem_object *obj[PLANES_MAX];
	struct list_head filp_head;
} core;

static struct {
	struct drm_file *drm;
	u64 leaf; /* a node of objects, or the only object */
	u32 first, base;
	bool whole;
} gem SEC(".bss");

/* Number of slots of a node: 64, or 16 with CONFIG_BASE_SMALL. */
#define SLOTS ((u32)bpf_core_field_size(struct xa_node, slots) / sizeof(u64))

/* The lowest bits of an entry tell whether it points to a node of the tree. */
static __always_inline bool is_node(u64 entry)
{
	return (entry & 3) == 2 && entry > 4096;
}

static __always_inline u64 slot_of(u64 node, u32 i)
{
	u64 entry = 0;

	bpf_probe_read_kernel(
		&entry, sizeof(entry),
		(void *)node - 2 +
			bpf_core_field_offset(struct xa_node, slots) +
			(i & (SLOTS - 1)) * sizeof(entry));
	return entry;
}

static __always_inline u32 shift_of(u64 node)
{
	return BPF_CORE_READ((struct xa_node *)(node - 2), shift);
}

static struct {
	struct rb_node *node;
	u32 handle;
	bool found;
} lookup SEC(".bss");

static long look_further(u32 i, void *unused)
{
	struct drm_prime_member *member;
	struct rb_node *node = lookup.node;
	u32 is;

	if (!node)
		return 1;
	member = (void *)node -
		 bpf_core_field_offset(struct drm_prime_member, handle_rb);
	is = BPF_CORE_READ(member, handle);
	lookup.found = is == lookup.handle;
	if (lookup.found)
		return 1;
	lookup.node = is < lookup.handle ? BPF_CORE_READ(node, rb_right)
					 : BPF_CORE_READ(node, rb_left);
	return 0;
}

/* Whether the PRIME cache of the file has a reference for this handle. */
static __always_inline bool is_cached(u32 handle, bool bounded)
{
	struct drm_file *drm = gem.drm;

	lookup.node = BPF_CORE_READ(drm, prime.handles.rb_node);
	lookup.handle = handle;
	lookup.found = false;
	REPEAT(bounded, MEMBERS_MAX, look_further);
	return lookup.found;
}

/**
 * keep_object() - emit the buffer of an object
 * @address: of the struct drm_gem_object
 * @type: what the open file has of it
 * @place: its handle or ID
 * @refs: the buffer's references that are the file's own
 *
 * A global function, as keep(), and so without a pointer.
 *
 * Return: 0
 */
__noinline int keep_object(u64 address, u32 type, u32 place, u32 refs)
{
	struct drm_gem_object *object = (void *)address;
	struct dma_buf_attachment *import;
	struct dma_buf *db, *own;

	import = BPF_CORE_READ(object, import_attach);
	own = BPF_CORE_READ(object, dma_buf);
	db = own || !import ? own : BPF_CORE_READ(import, dmabuf);
	if (!db)
		return 0;
	at.file = BPF_CORE_READ(db, file);
	at.type = type;
	at.table = (u64)gem.drm;
	at.place = place;
	at.refs = refs;
	keep();
	at.type = DMABUF_REC_REF_GEM_OBJECT;
	at.table = address;
	at.place = 0;
	at.refs = !!own + !!import;
	keep();
	return 0;
}

/* Emit the buffer of the handle in slot @i of the leaf. */
static __always_inline int handle_at(u32 i, bool bounded)
{
	u64 entry = is_node(gem.leaf) ? slot_of(gem.leaf, i) : gem.leaf;
	u32 handle = gem.base + gem.first + i;

	if (entry && !(entry & 3))
		keep_object(entry, DMABUF_REC_REF_GEM_HANDLE, handle,
			    is_cached(handle, bounded));
	return 0;
}

/* Global functions, as keep(). */
__noinline int read_handle(u32 i)
{
	return handle_at(i, false);
}

__noinline int read_handle_bounded(u32 i)
{
	return handle_at(i, true);
}

static long handle_turn(u32 i, void *unused)
{
	return i < SLOTS ? is_last(read_handle(i)) : 1;
}

static __always_inline long handle_turn_bounded(u32 i, void *unused)
{
	return i < SLOTS ? read_handle_bounded(i) : 1;
}

/* One level down the tree, to the entry of the first handle of the leaf. */
static long step_down(u32 i, void *unused)
{
	u32 shift = shift_of(gem.leaf);

	if (!shift)
		return 1;
	gem.leaf = slot_of(gem.leaf, gem.first >> shift);
	return !is_node(gem.leaf);
}

/* Emit the buffers of the handles of one node. Return: 1 after the last node.
 */
static __always_inline int some_handles(bool bounded)
{
	struct drm_file *drm = gem.drm;
	u64 entry = (u64)BPF_CORE_READ(drm, object_idr.idr_rt.xa_head);
	bool is_tree = is_node(entry);

	gem.leaf = entry;
	if (is_tree && gem.first >> shift_of(entry) >= SLOTS)
		return 1;
	if (is_tree)
		REPEAT(bounded, LEVELS_MAX, step_down);
	/* A branch may end with an object above the leaves, or be only one
	 * object. */
	if (!is_node(gem.leaf)) {
		if (gem.leaf && bounded)
			read_handle_bounded(0);
		else if (gem.leaf)
			read_handle(0);
	} else if (bounded) {
		REPEAT(true, SLOTS_MAX, handle_turn_bounded);
	} else {
		REPEAT(false, SLOTS_MAX, handle_turn);
	}
	gem.first += SLOTS;
	return !is_tree;
}

__noinline int read_leaf(void)
{
	return some_handles(false);
}

__noinline int read_leaf_bounded(void)
{
	return some_handles(true);
}

static long leaf_turn(u32 i, void *unused)
{
	gem.whole = is_last(read_leaf());
	return gem.whole;
}

static __always_inline long leaf_turn_bounded(u32 i, void *unused)
{
	gem.whole = read_leaf_bounded();
	return gem.whole;
}

/* The position of the walk over framebuffers: the link that was read last. */
static struct {
	struct list_head *link;
	bool whole;
} fbs SEC(".bss");

static __always_inline struct list_head *fbs_head(void)
{
	return (void *)gem.drm + bpf_core_field_offset(struct drm_file, fbs);
}

/*
 * Emit the buffers of one framebuffer. A global function, as keep().
 *
 * Return: 1 after the last framebuffer, or when the list changes meanwhile.
 */
__noinline int read_framebuffer(void)
{
	struct list_head *last = fbs.link, *link = BPF_CORE_READ(last, next);
	struct drm_framebuffer *fb;
	u64 object = 0;
	int i;

	fbs.whole = link == fbs_head();
	if (fbs.whole || BPF_CORE_READ(link, prev) != last)
		return 1;
	fb = (void *)link -
	     bpf_core_field_offset(struct drm_framebuffer, filp_head);
	for (i = 0; i < PLANES_MAX; i++) {
		bpf_probe_read_kernel(
			&object, sizeof(object),
			(void *)fb +
				bpf_core_field_offset(struct drm_framebuffer,
						      obj) +
				i * sizeof(object));
		if (object)
			keep_object(object, DMABUF_REC_REF_FRAMEBUFFER,
				    BPF_CORE_READ(fb, base.id), 0);
	}
	fbs.link = link;
	return 0;
}

static long framebuffer_turn(u32 i, void *unused)
{
	return is_last(read_framebuffer());
}

static __always_inline int read(struct bpf_iter__task_file *ctx, bool bounded)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct drm_file *drm;

	if (!task || !file || !is_drm(file))
		return 0;
	begin_file(ctx->meta, task);
	drm = file->private_data;
	gem.drm = drm;
	gem.base = BPF_CORE_READ(drm, object_idr.idr_base);
	gem.first = 0;
	if (bounded)
		REPEAT(true, LEAVES_MAX, leaf_turn_bounded);
	else
		REPEAT(false, LEAVES_MAX, leaf_turn);
	fbs.link = fbs_head();
	REPEAT(bounded, FBS_MAX, framebuffer_turn);
	if (!gem.whole || !fbs.whole)
		at.cut = 1;
	return end_file(ctx->meta);
}

ITER("task_file")
int read_gem(struct bpf_iter__task_file *ctx)
{
	return read(ctx, false);
}

ITER("task_file")
int read_gem_bounded(struct bpf_iter__task_file *ctx)
{
	return read(ctx, true);
}
