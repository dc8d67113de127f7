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

struct table_pass pass;

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

struct rb_node {
	unsigned long __rb_parent_color;
} core;

struct file___mode {
	unsigned int f_mode;
} core;

/* A type of reference, 0 for a file that does not matter. */
enum kind {
	KIND_OTHER,
	KIND_BUFFER = DMABUF_REC_REF_FD,
	KIND_PATH = DMABUF_REC_REF_PATH, /* opened with O_PATH, of anything */
	KIND_FILE = DMABUF_REC_REF_FILE, /* may keep buffers */
	KIND_SOCKET = 1 << 16 | DMABUF_REC_REF_FILE,
};

/* The kinds of files with some operations: @key is their address + epoch. */
static struct {
	u64 key, kind;
} kinds[KINDS] SEC(".bss");

/* In: the file whose kind is wanted. */
static u64 file_at;

/* Finds the kind of a file. */
__noinline int find_kind(void)
{
	struct file *file = CAST(file, file_at);
	u32 mode;

	if (((struct file___mode *)file)->f_mode & FMODE_PATH)
		return KIND_PATH;
	if (file_magic(file) == DMA_BUF_MAGIC)
		return KIND_BUFFER;
	mode = file_mode(file);
	if (mode == S_IFSOCK)
		return KIND_SOCKET;
	return may_keep(file, mode) ? KIND_FILE : KIND_OTHER;
}

/* Return: the address of the file in the slot of @fd. */
static __always_inline u64 read_slot(u64 fd)
{
	return (u64)CAST(list_head, pass.slots + fd * sizeof(u64))->next;
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

/* Whether a file of a kind that may matter does; a buffer has a @key. */
static __always_inline bool matters(struct file *file, u64 kind, u64 key)
{
	if (kind == KIND_PATH)
		return file_magic(file) == DMA_BUF_MAGIC;
	if (kind == KIND_SOCKET)
		return has_queue(file);
	return key;
}

/* Reads the file of a descriptor, for which there is room. */
static long read_file(u32 i, void *unused)
{
	const u64 fd = pass.fd + i, at = read_slot(fd);
	struct table_entry *entry;
	struct file *file;
	u64 ops, key, kind;

	if (!at)
		return 0;
	ops = read_ops(at);
	key = ops + pass.epoch;
	i = key * 0x9e3779b97f4a7c15ULL >> 56;
	if (kinds[i].key != key) {
		file_at = at;
		kinds[i].kind = find_kind();
		kinds[i].key =
			read_slot(fd) == at && read_ops(at) == ops ? key : 0;
	}
	kind = kinds[i].kind;
	if (kind == KIND_OTHER)
		return 0;
	entry = bpf_map_lookup_elem(&entries, &pass.entries);
	if (!entry)
		return 1;
	file = CAST(file, at);
	key = kind == KIND_BUFFER ? (u64)file->private_data : at;
	/* Or else the compiler copies what follows for each kind. */
	asm volatile("" : "+r"(key));
	entry->key = key;
	entry->fd = fd;
	entry->type = kind;
	entry->owner = pass.owners;
	if (matters(file, kind, key) && read_slot(fd) == at)
		pass.entries++;
	return 0;
}

static __always_inline void read_owner(struct table_owner *owner,
				       struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	owner->table = (u64)task->files;
	owner->pid = task->tgid;
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
	       !(task->flags & PF_KTHREAD);
}

/*
 * Return: 0, or 1 for the kernel to call with the same task again, after the
 * reader has emptied the arrays.
 */
ITER("task")
int read_tables(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	const u32 before = pass.entries;
	const struct files_struct *files;
	struct table_owner *owner;
	struct fdtable *table;
	u32 n, left;

	if (!task)
		return 0;
	DISTRUST(task, task_struct);
	if (!has_own_table(task))
		return 0;
	owner = bpf_map_lookup_elem(&owners, &pass.owners);
	if (!owner)
		return 1;
	files = task->files;
	if (pass.task != (u64)task || pass.pid != (u32)task->pid ||
	    pass.files != (u64)files) {
		pass.task = (u64)task;
		pass.pid = task->pid;
		pass.files = (u64)files;
		pass.fd = 0;
	}
	table = files->fdt;
	pass.slots = (u64)table->fd;
	n = table->max_fds;
	left = pass.fd < n ? n - pass.fd : 0;
	if (left > TABLE_ENTRIES - before)
		left = TABLE_ENTRIES - before;
	bpf_loop(left, read_file, NULL, 0);
	pass.fd += left;
	if (task->files != files || files->fdt != table) {
		/* The table may be free by now: nothing that it said counts. */
		pass.entries = before;
		pass.epoch += NEXT_EPOCH;
		pass.task = 0;
		if (task->files)
			pass.torn++;
		return 0;
	}
	if (pass.entries != before) {
		read_owner(owner, task);
		pass.owners++;
	}
	if (pass.fd < n)
		return 1;
	pass.task = 0;
	return 0;
}
