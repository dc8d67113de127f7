// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers kept by GEM objects, and the handles for these in open DRM files. A
 * program of its own, since its types may be those of a module.
 */
#include "kept.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define SLOTS_MAX   64
#define LEAVES_MAX  4096
#define LEVELS_MAX  6
#define MEMBERS_MAX 40

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
	struct drm_prime_file_private prime;
} core;

struct drm_gem_object {
	struct dma_buf *dma_buf;
	struct dma_buf_attachment *import_attach;
} core;

static struct {
	struct drm_file *drm;
	u64 leaf; /* a node of objects, or the only object */
	u32 first, base;
} gem SEC(".bss");

/* How many slots a node has: 64, or 16 on a kernel built to be small. */
#define SLOTS ((u32)bpf_core_field_size(struct xa_node, slots) / sizeof(u64))

/* An entry that points to a node of the tree has this in its lowest bits. */
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

/* Whether the PRIME cache of the file has a reference for this handle. */
static __always_inline bool is_cached(u32 handle)
{
	struct drm_file *drm = gem.drm;
	struct rb_node *node = BPF_CORE_READ(drm, prime.handles.rb_node);
	struct drm_prime_member *member;
	u32 is, i;

	for (i = 0; i < MEMBERS_MAX; i++) {
		if (!node)
			return false;
		member = (void *)node -
			 bpf_core_field_offset(struct drm_prime_member,
					       handle_rb);
		is = BPF_CORE_READ(member, handle);
		if (is == handle)
			return true;
		node = is < handle ? BPF_CORE_READ(node, rb_right)
				   : BPF_CORE_READ(node, rb_left);
	}
	return false;
}

static __always_inline void read_object(struct drm_gem_object *object,
					u32 handle)
{
	struct dma_buf_attachment *import =
		BPF_CORE_READ(object, import_attach);
	struct dma_buf *db = BPF_CORE_READ(object, dma_buf);
	u32 refs = !!db + !!import;

	if (!db && import)
		db = BPF_CORE_READ(import, dmabuf);
	if (!db || file_buffer(BPF_CORE_READ(db, file)) != db)
		return;
	keep(db, DMABUF_REC_HOLD_GEM_HANDLE, (u64)gem.drm, handle,
	     is_cached(handle));
	keep(db, DMABUF_REC_HOLD_GEM_OBJECT, (u64)object, 0, refs);
}

/**
 * read_handle() - emit the buffer of one handle
 * @i: which slot of the leaf
 *
 * Return: 0
 */
__noinline int read_handle(u32 i)
{
	u64 object = is_node(gem.leaf) ? slot_of(gem.leaf, i) : gem.leaf;

	if (object && !(object & 3))
		read_object((void *)object, gem.base + gem.first + i);
	return 0;
}

/**
 * read_leaf() - emit the buffers of as many handles as a node has
 *
 * Return: 0 to go on, 1 when there are no more
 */
__noinline int read_leaf(void)
{
	struct drm_file *drm = gem.drm;
	u64 entry = (u64)BPF_CORE_READ(drm, object_idr.idr_rt.xa_head);
	u32 i, shift;

	if (!is_node(entry)) {
		gem.leaf = entry;
		if (entry)
			read_handle(0);
		return 1;
	}
	shift = shift_of(entry);
	if (gem.first >> shift >= SLOTS)
		return 1;
	for (i = 0; i < LEVELS_MAX; i++) {
		shift = shift_of(entry);
		if (!shift)
			break;
		entry = slot_of(entry, gem.first >> shift);
		if (!is_node(entry))
			break;
	}
	gem.leaf = entry;
	/* A tree may end in an object above its leaves. */
	if (is_node(entry)) {
		for (i = 0; i < SLOTS_MAX && i < SLOTS; i++)
			read_handle(i);
	} else if (entry) {
		read_handle(0);
	}
	gem.first += SLOTS;
	return 0;
}

ITER("task_file")
int read_gem(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct drm_file *drm;
	int i;

	if (!task || !file || !is_drm(file))
		return 0;
	begin_file(task, file);
	drm = BPF_CORE_READ(file, private_data);
	gem.drm = drm;
	gem.base = BPF_CORE_READ(drm, object_idr.idr_base);
	gem.first = 0;
	for (i = 0; i < LEAVES_MAX; i++)
		if (read_leaf())
			break;
	if (i == LEAVES_MAX)
		at.cut = 1;
	end_file(ctx->meta);
	return 0;
}
