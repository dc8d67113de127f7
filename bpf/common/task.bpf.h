/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of tasks, their files and mappings that our programs read. A
 * reference of a task is written as a struct dmabuf_rec_ref.
 */
#ifndef COMMON_TASK_BPF_H
#define COMMON_TASK_BPF_H

#include "common/compat.bpf.h"
#define DMABUF_REC_NO_TYPES
#include "abi/records.h"

#define TASK_COMM_LEN 16
#define PIDTYPE_TGID  1
#define DMA_BUF_MAGIC 0x444d4142
#define BPF_FS_MAGIC  0xcafe4a11

#define S_IFMT	 00170000
#define S_IFSOCK 0140000
#define S_IFCHR	 0020000

#define DRM_MAJOR   226
#define ACCEL_MAJOR 261
#define VIDEO_MAJOR 81
#define MINOR_BITS  20

struct upid {
	int nr;
} core;

struct pid {
	unsigned int level;
	struct upid numbers[1];
} core;

struct signal_struct {
	struct pid *pids[4];
} core;

struct task_struct {
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct pid *thread_pid;
	const void *files;
	const void *mm;
	unsigned int flags;
	int pid, tgid;
	char comm[TASK_COMM_LEN];
} core;

struct super_block {
	unsigned long s_magic;
} core;

struct inode___kind {
	struct super_block *i_sb;
	unsigned short i_mode;
	unsigned int i_rdev;
} core;

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	unsigned long vm_pgoff;
	struct file *vm_file;
} core;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} core;

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
} core;

struct bpf_iter__task_vma {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	struct vm_area_struct *vma;
} core;

/*
 * The filesystem of a file with a typed pointer, as the number that statfs(2)
 * returns. The file operations would tell as much about buffers, but only
 * kallsyms has their address, which takes long to read and needs a privilege.
 */
static __always_inline unsigned long file_magic(struct file *file)
{
	struct inode___kind *inode = (void *)file->f_inode;

	return inode->i_sb->s_magic;
}

/* The buffer of a file with a typed pointer, or NULL. */
static __always_inline struct dma_buf *file_buffer(struct file *file)
{
	return file_magic(file) == DMA_BUF_MAGIC ? file->private_data : NULL;
}

/* The type of a file with a typed pointer: S_IFSOCK or another S_IF*. */
static __always_inline u32 file_mode(struct file *file)
{
	struct inode___kind *inode = (void *)file->f_inode;

	return inode->i_mode & S_IFMT;
}

/* The device number of a file with a typed pointer. */
static __always_inline u32 file_rdev(struct file *file)
{
	struct inode___kind *inode = (void *)file->f_inode;

	return inode->i_rdev;
}

/* The level of the reader's PID namespace. */
static __always_inline u32 reader_level(void)
{
	struct task_struct *reader = (void *)bpf_get_current_task();

	return BPF_CORE_READ(reader, thread_pid, level);
}

/* The number of a process or thread in the PID namespace of a level. */
static __always_inline u32 pid_number(struct pid *pid, u32 level)
{
	u32 nr = 0;

	bpf_probe_read_kernel(
		&nr, sizeof(nr),
		(void *)hide((u64)pid) +
			bpf_core_field_offset(struct pid, numbers) +
			level * bpf_core_type_size(struct upid) +
			bpf_core_field_offset(struct upid, nr));
	return nr;
}

/*
 * The current record. Its task fields stay for the next record, which is mostly
 * one of the same task.
 */
static struct holding {
	struct dmabuf_rec_ref rec;
	/* The task: */
	u64 session, address;
	int pid;
} holding SEC(".bss");

/*
 * In a register: a verifier may take thousands of instructions of the CPU for
 * each load of the address.
 */
static __always_inline struct holding *current_holding(void)
{
	struct holding *h = &holding;

	asm volatile("" : "+r"(h));
	return h;
}

/*
 * Sets the numbers of the current record's task. Iterators return no task of a
 * level above the reader's.
 */
static __always_inline void number_task(struct dmabuf_rec_ref *rec,
					struct task_struct *task,
					struct task_struct *leader, bool inside)
{
	u32 level;

	if (!inside) {
		rec->pid = task->tgid;
		rec->tid = task->pid;
		return;
	}
	level = reader_level();
	rec->pid = rec->tid =
		pid_number(task->signal->pids[PIDTYPE_TGID], level);
	if (leader != task)
		rec->tid = pid_number(task->thread_pid, level);
}

/**
 * ref_of() - begin the record of a reference
 * @h: the current record
 * @meta: metadata of the iterator
 * @task: the task that has the reference
 * @inside: whether the reader is not in the initial PID namespace. Two programs
 *	are made of each iterator, because this is an eighth of one.
 */
static __always_inline void ref_of(struct holding *h,
				   struct bpf_iter_meta *meta,
				   struct task_struct *task, bool inside)
{
	const u64 session = meta->session_id;
	const int pid = task->pid;
	struct task_struct *leader;

	/* Or else the compiler keeps the address twice. */
	asm volatile("" : "+r"(h));
	/* The address of a task that ended may belong to another one now. */
	if (h->session == session && h->address == (u64)task && h->pid == pid)
		return;
	h->session = session;
	h->address = (u64)task;
	h->pid = pid;
	leader = task->group_leader;
	h->rec.head.kind = DMABUF_REC_REF;
	h->rec.head.size = sizeof(h->rec);
	number_task(&h->rec, task, leader, inside);
	bpf_probe_read_kernel_str(h->rec.comm, sizeof(h->rec.comm),
				  leader->comm);
}

/* Passes the current record to the reader. */
static __always_inline void write_ref(struct holding *h,
				      struct bpf_iter_meta *meta)
{
	bpf_seq_write(meta->seq, &h->rec, sizeof(h->rec));
}

/*
 * Makes the two programs of an iterator: NAME_inside for readers that are not
 * in the initial PID namespace.
 */
#define TASK_PROGRAMS(target, name, function)                                  \
	ITER(target) int name(struct bpf_iter__##function *ctx)                \
	{                                                                      \
		return read_##function(ctx, false);                            \
	}                                                                      \
	ITER(target) int name##_inside(struct bpf_iter__##function *ctx)       \
	{                                                                      \
		return read_##function(ctx, true);                             \
	}

/* Fills what a record of one reference says of the buffer. */
static __always_inline void hold_buffer(struct dmabuf_rec_ref *rec,
					struct dma_buf *db, struct file *file,
					u32 type)
{
	rec->key = (u64)db;
	rec->ino = file->f_inode->i_ino;
	rec->type = type;
	rec->refs = 1;
}

#endif
