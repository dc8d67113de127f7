// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers kept by messages in flight in UNIX sockets, by files registered with
 * an io_uring, and by stopped iterators over buffers.
 */
#include "kept.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define AF_UNIX	      1
#define MESSAGES_MAX  512
#define SCM_MAX_FD    253
#define SLOTS_A_TURN  64
#define SLOTS_TURNS   512
#define FILE_PTR_MASK (~7ULL)

struct qstr {
	const unsigned char *name;
} core;

struct dentry {
	struct qstr d_name;
} core;

struct path {
	struct dentry *dentry;
} core;

struct file___path {
	struct path f_path;
} core;

struct sock_common {
	unsigned short skc_family;
} core;

struct sk_buff;

struct sk_buff_head {
	struct sk_buff *next;
} core;

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
} core;

struct socket {
	struct sock *sk;
} core;

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

struct seq_file___private {
	void *private;
} core;

struct bpf_iter_reg {
	const char *target;
} core;

struct bpf_iter_target_info {
	const struct bpf_iter_reg *reg_info;
} core;

struct bpf_iter_priv_data {
	struct bpf_iter_target_info *tinfo;
	char target_private[8];
} core;

/* Where a walk over messages or slots stands. */
static struct {
	struct sk_buff *skb;
	struct io_ring_ctx *ctx;
	u32 n, first;
} walk SEC(".bss");

/* With the NUL byte: a longer one differs. */
#define is_text(text, wanted)                                                  \
	({                                                                     \
		u32 __i;                                                       \
		bool __is = true;                                              \
		_Pragma("unroll") for (__i = 0; __i < sizeof(wanted);          \
				       __i++) if ((text)[__i] !=               \
						  (wanted)[__i]) __is = false; \
		__is;                                                          \
	})

/* Whether the name of an anonymous file, which has no other mark, is this. */
#define is_called(file, wanted)                                                \
	({                                                                     \
		char __name[sizeof(wanted)] = {};                              \
		read_called(file, __name, sizeof(__name));                     \
		is_text(__name, wanted);                                       \
	})

static __always_inline void read_called(struct file *file, char *to, u32 size)
{
	struct file___path *f = (void *)file;

	bpf_probe_read_kernel(to, size,
			      BPF_CORE_READ(f, f_path.dentry, d_name.name));
}

/**
 * read_message() - emit the buffers that a message carries
 *
 * Return: 0
 */
__noinline int read_message(void)
{
	struct unix_skb_parms *parms =
		(void *)walk.skb + bpf_core_field_offset(struct sk_buff, cb);
	struct scm_fp_list *list = BPF_CORE_READ(parms, fp);
	int i, count;

	if (!list)
		return 0;
	count = BPF_CORE_READ(list, count);
	for (i = 0; i < SCM_MAX_FD; i++) {
		struct file *file = NULL;
		struct dma_buf *db;

		if (i >= count)
			break;
		bpf_probe_read_kernel(
			&file, sizeof(file),
			(void *)list +
				bpf_core_field_offset(struct scm_fp_list, fp) +
				i * sizeof(file));
		db = file ? file_buffer(file) : NULL;
		if (db)
			keep(db, DMABUF_REC_HOLD_MESSAGE, (u64)list, i, 1);
	}
	return 0;
}

static __always_inline void read_socket(struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	struct sk_buff *head, *skb;
	int i;

	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return;
	head = (void *)sk +
	       bpf_core_field_offset(struct sock, sk_receive_queue);
	skb = (void *)BPF_CORE_READ((struct sk_buff_head *)head, next);
	for (i = 0; i < MESSAGES_MAX; i++) {
		if (!skb || skb == head)
			return;
		walk.skb = skb;
		read_message();
		skb = BPF_CORE_READ(skb, next);
	}
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

/**
 * read_slots() - emit the buffers in some slots of an io_uring
 *
 * Return: 0
 */
__noinline int read_slots(void)
{
	struct dma_buf *db;
	struct file *file;
	u32 i, slot;

	for (i = 0; i < SLOTS_A_TURN; i++) {
		slot = walk.first + i;
		if (slot >= walk.n)
			break;
		file = (void *)(slot_file(slot) & FILE_PTR_MASK);
		db = file ? file_buffer(file) : NULL;
		if (db)
			keep(db, DMABUF_REC_HOLD_IO_URING, (u64)walk.ctx, slot,
			     1);
	}
	walk.first += SLOTS_A_TURN;
	return 0;
}

static __always_inline void read_ring(struct file *file)
{
	struct io_ring_ctx *ring_ctx = BPF_CORE_READ(file, private_data);
	struct io_ring_ctx___files *old = (void *)ring_ctx;
	int i;

	walk.ctx = ring_ctx;
	walk.first = 0;
	if (bpf_core_field_exists(struct io_file_table, data))
		walk.n = BPF_CORE_READ(ring_ctx, file_table.data.nr);
	else
		walk.n = BPF_CORE_READ(old, nr_user_files);
	for (i = 0; i < SLOTS_TURNS; i++) {
		if (walk.first >= walk.n)
			return;
		read_slots();
	}
	at.cut = 1;
}

/* Opened by who made it, or by its name where it is pinned. */
static __always_inline bool is_iterator(struct file *file)
{
	return file_magic(file) == BPF_FS_MAGIC || is_called(file, "bpf_iter");
}

static __always_inline void read_iterator(struct file *file)
{
	struct seq_file___private *seq = BPF_CORE_READ(file, private_data);
	void *private = BPF_CORE_READ(seq, private);
	struct bpf_iter_priv_data *data =
		private - bpf_core_field_offset(struct bpf_iter_priv_data,
						target_private);
	struct dma_buf *db = NULL;
	char target[8] = {};

	bpf_probe_read_kernel_str(target, sizeof(target),
				  BPF_CORE_READ(data, tinfo, reg_info, target));
	if (!is_text(target, "dmabuf"))
		return;
	bpf_probe_read_kernel(&db, sizeof(db), private);
	if (db && file_buffer(BPF_CORE_READ(db, file)) == db)
		keep(db, DMABUF_REC_HOLD_ITERATOR, (u64)data, 0, 1);
}

ITER("task_file")
int read_kept(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;

	if (!task || !file)
		return 0;
	begin_file(task, file);
	if (file_mode(file) == S_IFSOCK)
		read_socket(file);
	else if (is_called(file, "[io_uring]"))
		read_ring(file);
	else if (is_iterator(file))
		read_iterator(file);
	end_file(ctx->meta);
	return 0;
}
