// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of buffers, and of other files that may keep buffers. The program
 * reads the tables of descriptors itself: the kernel's iterator over files
 * takes a reference to each, which is most of the time of a search. The kind of
 * a file depends on its operations, and is found out once for each of these.
 *
 * Nothing is locked: what was read counts only if it is the same afterwards.
 */
#include "common/files.bpf.h"
#include "abi/tables.h"
#include "common/array.bpf.h"

char LICENSE[] SEC("license") = "GPL";

MAPPED_ARRAY(owners, struct table_owner, TABLE_OWNERS);
MAPPED_ARRAY(entries, struct table_entry, TABLE_ENTRIES);

/* Out; the reader sets both to 0 when it has emptied the arrays. */
u32 n_owners, n_entries;
/* Out: tasks that got another table while theirs was read; it was skipped. */
u32 n_torn;
/*
 * The task whose table is only read in part; the reader begins with 0. Another
 * task may have the same address later.
 */
u64 at_task;
static u64 at_files;
static int at_pid;
/* Its next descriptor. */
static u32 at_fd;

#define CHUNK 64
#define KINDS 256

#define FMODE_PATH 0x4000
#define PF_KTHREAD 0x00200000

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} core;

struct files_struct {
	struct fdtable *fdt;
} core;

struct task_struct___own {
	unsigned int flags;
	int tgid;
} core;

struct rb_node {
	unsigned long __rb_parent_color;
} core;

struct file___mode {
	unsigned int f_mode;
} core;

enum kind {
	KIND_OTHER,
	KIND_BUFFER,
	KIND_PATH, /* opened with O_PATH, of anything */
	KIND_SOCKET,
	KIND_FILE, /* may keep buffers */
};

/* The kinds of files with some operations: @key is their address + epoch. */
static struct {
	u64 key, kind;
} kinds[KINDS] SEC(".bss");
/* In: all kinds are unknown when it grows by NEXT_EPOCH. */
u64 epoch;

/* The address of the first slot of the table, and a part of the slots. */
static u64 slots_at;
static u64 slots[CHUNK] SEC(".bss");
/* In: the file whose kind is wanted. */
static u64 file_at;

/* Finds the kind of a file. */
__noinline int find_kind(void)
{
	struct file *file = CAST(file, file_at);

	if (((struct file___mode *)file)->f_mode & FMODE_PATH)
		return KIND_PATH;
	if (file_magic(file) == DMA_BUF_MAGIC)
		return KIND_BUFFER;
	if (file_mode(file) == S_IFSOCK)
		return KIND_SOCKET;
	return may_keep(file) ? KIND_FILE : KIND_OTHER;
}

/*
 * Reads the address of the file in a slot. A table has a multiple of CHUNK
 * slots.
 */
static __always_inline u64 slot(u32 fd, bool read)
{
	if (read)
		bpf_probe_read_kernel(
			slots, sizeof(slots),
			(void *)(slots_at + fd / CHUNK * CHUNK * sizeof(u64)));
	return slots[fd % CHUNK];
}

/* Whether the slot of @fd still has a file. */
static __always_inline bool is_there(u32 fd, u64 file)
{
	struct list_head *slot = CAST(list_head, slots_at + fd * sizeof(u64));

	return (u64)slot->next == file;
}

/*
 * Reads the address of a file's operations, as a number: the verifier lets
 * nobody calculate with typed pointers.
 */
static __always_inline u64 read_ops(u64 file)
{
	return CAST(rb_node, file + bpf_core_field_offset(struct file, f_op))
		->__rb_parent_color;
}

/* Whether a socket has messages, or connections that were not accepted yet. */
static __always_inline bool has_queue(struct file *file)
{
	struct socket *socket = CAST(socket, file->private_data);
	struct sock *sk = socket->sk;

	return sk->sk_receive_queue.next != (void *)&sk->sk_receive_queue;
}

/*
 * What an entry says of a file of a kind that may matter. Return: a type of
 * reference, 0 when the file does not matter.
 */
static __always_inline u32 read_entry(struct table_entry *entry,
				      struct file *file, u64 file_key, u32 kind)
{
	entry->key = file_key;
	if (kind == KIND_BUFFER) {
		entry->key = (u64)file->private_data;
		return entry->key ? DMABUF_REC_REF_FD : 0;
	}
	if (kind == KIND_PATH)
		return file_magic(file) == DMA_BUF_MAGIC ? DMABUF_REC_REF_PATH
							 : 0;
	if (kind == KIND_SOCKET && !has_queue(file))
		return 0;
	return DMABUF_REC_REF_FILE;
}

/* Reads a slot, for which there is room. */
static long read_slot(u32 i, void *unused)
{
	const u32 fd = at_fd + i;
	const u64 file = slot(fd, !i || !(fd % CHUNK));
	struct table_entry *entry;
	u64 ops, key, at;

	if (!file)
		return 0;
	ops = read_ops(file);
	key = ops + epoch;
	at = key * 0x9e3779b97f4a7c15ULL >> 56;
	if (kinds[at].key != key) {
		file_at = file;
		kinds[at].kind = find_kind();
		kinds[at].key =
			is_there(fd, file) && read_ops(file) == ops ? key : 0;
	}
	if (kinds[at].kind == KIND_OTHER)
		return 0;
	entry = bpf_map_lookup_elem(&entries, &n_entries);
	if (!entry)
		return 1;
	entry->type = read_entry(entry, CAST(file, file), file, kinds[at].kind);
	entry->fd = fd;
	entry->owner = n_owners;
	if (entry->type && is_there(fd, file))
		n_entries++;
	return 0;
}

static __always_inline void read_owner(struct table_owner *owner,
				       struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	owner->table = (u64)task->files;
	owner->pid = ((struct task_struct___own *)task)->tgid;
	owner->tid = task->pid;
	bpf_probe_read_kernel_str(owner->comm, sizeof(owner->comm),
				  leader->comm);
}

/* Threads mostly have the table of their process, which mostly comes first. */
static __always_inline bool has_own_table(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	return task->files &&
	       (task == leader || task->files != leader->files) &&
	       !(((struct task_struct___own *)task)->flags & PF_KTHREAD);
}

/*
 * Return: 0, or 1 for the kernel to call with the same task again, after the
 * reader has emptied the arrays.
 */
ITER("task")
int read_tables(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	const u32 before = n_entries;
	const struct files_struct *files;
	struct table_owner *owner;
	struct fdtable *table;
	u32 n, left;

	if (!task)
		return 0;
	DISTRUST(task, task_struct);
	if (!has_own_table(task))
		return 0;
	owner = bpf_map_lookup_elem(&owners, &n_owners);
	if (!owner)
		return 1;
	files = task->files;
	if (at_task != (u64)task || at_pid != task->pid ||
	    at_files != (u64)files) {
		at_task = (u64)task;
		at_pid = task->pid;
		at_files = (u64)files;
		at_fd = 0;
	}
	table = files->fdt;
	slots_at = (u64)table->fd;
	n = table->max_fds;
	left = at_fd < n ? n - at_fd : 0;
	if (left > TABLE_ENTRIES - before)
		left = TABLE_ENTRIES - before;
	bpf_loop(left, read_slot, NULL, 0);
	at_fd += left;
	if (task->files != files || files->fdt != table) {
		/* The table may be free by now: nothing that it said counts. */
		n_entries = before;
		epoch += NEXT_EPOCH;
		at_task = 0;
		if (task->files)
			n_torn++;
		return 0;
	}
	if (n_entries != before) {
		read_owner(owner, task);
		n_owners++;
	}
	if (at_fd < n)
		return 1;
	at_task = 0;
	return 0;
}
