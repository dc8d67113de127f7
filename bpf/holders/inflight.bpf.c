// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in messages in flight in UNIX sockets, in the files registered with
 * an io_uring, and in iterators over buffers that are stopped.
 */
#include "abi/indirect.h"
#include "common/files.bpf.h"
#include "common/indirect.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define MESSAGES_MAX  512
#define SCM_MAX_FD    253
#define SLOTS_A_TURN  64
#define SLOTS_TURNS   512
#define FILE_PTR_MASK (~7ULL)

/* Out: bits of enum indirect_files: the other programs that are needed. */
u32 files;

struct sk_buff {
	struct sk_buff *next;
	char cb[48];
} core;

struct scm_fp_list {
	short count;
	struct file *fp[SCM_MAX_FD];
} core;

struct unix_skb_parms {
	struct scm_fp_list *fp;
} core;

struct io_rsrc_node {
	unsigned long file_ptr;
} core;

struct io_rsrc_data {
	unsigned int nr;
	struct io_rsrc_node **nodes;
} core;

struct io_fixed_file {
	unsigned long file_ptr;
} core;

/* Since Linux v6.13 a table of nodes, before an array of files. */
struct io_file_table {
	struct io_rsrc_data data;
} core;

struct io_file_table___files {
	struct io_fixed_file *files;
} core;

struct io_ring_ctx {
	struct io_file_table file_table;
} core;

struct io_ring_ctx___files {
	struct io_file_table___files file_table;
	unsigned int nr_user_files;
} core;

/* The position of a walk over messages or slots. */
static struct {
	struct sk_buff *skb;
	void *head;
	struct scm_fp_list *list;
	struct io_ring_ctx *ctx;
	u32 n, first;
} walk SEC(".bss");

static long read_passed(u32 i, void *unused)
{
	if (i >= walk.n)
		return 1;
	at.place = i;
	bpf_probe_read_kernel(
		&at.file, sizeof(at.file),
		(void *)walk.list +
			bpf_core_field_offset(struct scm_fp_list, fp) +
			i * sizeof(at.file));
	keep();
	return 0;
}

static __always_inline int message_at(bool bounded)
{
	struct unix_skb_parms *parms =
		(void *)walk.skb + bpf_core_field_offset(struct sk_buff, cb);

	struct scm_fp_list *list = BPF_CORE_READ(parms, fp);

	walk.list = list;
	walk.n = list ? BPF_CORE_READ(list, count) : 0;
	at.table = (u64)list;
	REPEAT(bounded, SCM_MAX_FD, read_passed);
	return 0;
}

/* Emit the buffers of a message. A global function, as keep(). */
__noinline int read_message(void)
{
	return message_at(false);
}

__noinline int read_message_bounded(void)
{
	return message_at(true);
}

static __always_inline long next_message(bool bounded)
{
	struct sk_buff *skb = walk.skb;

	if (!skb || skb == walk.head)
		return 1;
	if (bounded)
		read_message_bounded();
	else
		read_message();
	walk.skb = BPF_CORE_READ(skb, next);
	return 0;
}

static long message_turn(u32 i, void *unused)
{
	return next_message(false);
}

static __always_inline long message_turn_bounded(u32 i, void *unused)
{
	return next_message(true);
}

static __always_inline void read_socket(struct sock *sk, bool bounded)
{
	struct sk_buff_head *head = message_list(sk);

	at.type = DMABUF_REC_REF_MESSAGE;
	walk.head = head;
	walk.skb = BPF_CORE_READ(head, next);
	if (bounded)
		REPEAT(true, MESSAGES_MAX, message_turn_bounded);
	else
		REPEAT(false, MESSAGES_MAX, message_turn);
	if (walk.skb && walk.skb != walk.head)
		at.cut = 1;
}

static __always_inline u64 slot_file(u32 i)
{
	struct io_ring_ctx *ctx = walk.ctx;
	struct io_ring_ctx___files *old = (void *)ctx;
	struct io_rsrc_node **nodes, *node = NULL;
	struct io_fixed_file *files;
	u64 file = 0;

	if (bpf_core_field_exists(struct io_file_table, data)) {
		nodes = BPF_CORE_READ(ctx, file_table.data.nodes);
		bpf_probe_read_kernel(&node, sizeof(node), nodes + i);
		return node ? BPF_CORE_READ(node, file_ptr) : 0;
	}
	files = BPF_CORE_READ(old, file_table.files);
	bpf_probe_read_kernel(&file, sizeof(file), files + i);
	return file;
}

static long read_slot(u32 i, void *unused)
{
	u32 slot = walk.first + i;

	if (slot >= walk.n)
		return 1;
	at.place = slot;
	at.file = (void *)(slot_file(slot) & FILE_PTR_MASK);
	keep();
	return 0;
}

/* Emit the buffers in some slots of an io_uring. */
static __always_inline int some_slots(bool bounded)
{
	REPEAT(bounded, SLOTS_A_TURN, read_slot);
	walk.first += SLOTS_A_TURN;
	return walk.first >= walk.n;
}

__noinline int read_slots(void)
{
	return some_slots(false);
}

__noinline int read_slots_bounded(void)
{
	return some_slots(true);
}

static long slots_turn(u32 i, void *unused)
{
	return is_last(read_slots());
}

static __always_inline long slots_turn_bounded(u32 i, void *unused)
{
	return read_slots_bounded();
}

static __always_inline void read_ring(struct io_ring_ctx *ring_ctx,
				      bool bounded)
{
	struct io_ring_ctx___files *old = (void *)ring_ctx;

	at.type = DMABUF_REC_REF_IO_URING;
	at.table = (u64)ring_ctx;
	walk.ctx = ring_ctx;
	walk.first = 0;
	if (bpf_core_field_exists(struct io_file_table, data))
		walk.n = BPF_CORE_READ(ring_ctx, file_table.data.nr);
	else
		walk.n = BPF_CORE_READ(old, nr_user_files);
	if (bounded)
		REPEAT(true, SLOTS_TURNS, slots_turn_bounded);
	else
		REPEAT(false, SLOTS_TURNS, slots_turn);
	if (walk.first < walk.n)
		at.cut = 1;
}

static __always_inline void read_iterator(void *private)
{
	struct dma_buf *db = NULL;

	bpf_probe_read_kernel(&db, sizeof(db), private);
	at.type = DMABUF_REC_REF_ITERATOR;
	at.table = (u64) private;
	at.place = 0;
	at.file = db ? BPF_CORE_READ(db, file) : NULL;
	keep();
}

static __always_inline int read(struct bpf_iter__task_file *ctx, bool bounded)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	void *iterator = NULL;
	struct sock *sk = NULL;
	bool ring_file = false;

	if (!task || !file)
		return 0;
	if (is_drm(file))
		files |= INDIRECT_DRM;
	else if (is_video(file))
		files |= INDIRECT_VIDEO;
	else if (file_mode(file) == S_IFSOCK)
		sk = unix_socket(file);
	else if (is_ring(file))
		ring_file = true;
	else
		iterator = iterator_at(file);
	if (!sk && !ring_file && !iterator)
		return 0;

	begin_file(ctx->meta, task);
	at.refs = 1;
	if (sk)
		read_socket(sk, bounded);
	else if (ring_file)
		read_ring(file->private_data, bounded);
	else
		read_iterator(iterator);
	return end_file(ctx->meta);
}

ITER("task_file")
int read_inflight(struct bpf_iter__task_file *ctx)
{
	return read(ctx, false);
}

ITER("task_file")
int read_inflight_bounded(struct bpf_iter__task_file *ctx)
{
	return read(ctx, true);
}
