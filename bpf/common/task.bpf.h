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
	int pid;
	char comm[TASK_COMM_LEN];
} core;

struct super_block {
	unsigned long s_magic;
} core;

struct inode___sb {
	struct super_block *i_sb;
} core;

struct inode___kind {
	unsigned short i_mode;
	unsigned int i_rdev;
} core;

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	unsigned long vm_pgoff;
	struct file *vm_file;
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

/* The filesystem of a file, as the number that statfs(2) returns. */
static __always_inline unsigned long file_magic(struct file *file, bool typed)
{
	struct inode___sb *inode = (void *)PEEK(typed, file->f_inode);
	struct super_block *sb = PEEK(typed, inode->i_sb);

	return PEEK(typed, sb->s_magic);
}

/**
 * file_buffer() - tell whether a file is a buffer
 * @file: the struct file
 * @typed: for PEEK()
 *
 * Only buffers are in the filesystem of buffers. The file operations would tell
 * the same, but only kallsyms has their address, which takes long to read and
 * needs a privilege. An untyped address may have been reused since it was read:
 * then the buffer must also point back at its file.
 *
 * Return: address of the buffer, or NULL.
 */
static __always_inline struct dma_buf *file_buffer(struct file *file,
						   bool typed)
{
	struct dma_buf *db;

	if (file_magic(file, typed) != DMA_BUF_MAGIC)
		return NULL;
	db = PEEK(typed, file->private_data);
	return typed || BPF_CORE_READ(db, file) == file ? db : NULL;
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

/* Whether a file is a graphics or compute device, which has GEM handles. */
static __always_inline bool is_drm(struct file *file)
{
	u32 major = file_rdev(file) >> MINOR_BITS;

	return file_mode(file) == S_IFCHR &&
	       (major == DRM_MAJOR || major == ACCEL_MAJOR);
}

/* Whether a file is a V4L2 device. */
static __always_inline bool is_video(struct file *file)
{
	return file_mode(file) == S_IFCHR &&
	       file_rdev(file) >> MINOR_BITS == VIDEO_MAJOR;
}

/* The level of the reader's PID namespace. */
static __always_inline u32 reader_level(void)
{
	struct task_struct *reader = (void *)bpf_get_current_task();

	return BPF_CORE_READ(reader, thread_pid, level);
}

/* Turns a pointer into a number, which the verifier allows to add to. */
static volatile u64 pid_at SEC(".bss");

/**
 * pid_number() - number of a process or thread
 * @pid: its struct pid
 * @level: see reader_level()
 *
 * Return: the number in the reader's PID namespace, 0 when it has no number
 * there.
 */
static __always_inline u32 pid_number(struct pid *pid, u32 level)
{
	u32 nr = 0;

	if (!pid || level > pid->level)
		return 0;
	pid_at = (u64)pid;
	bpf_probe_read_kernel(
		&nr, sizeof(nr),
		(void *)pid_at + bpf_core_field_offset(struct pid, numbers) +
			level * bpf_core_type_size(struct upid) +
			bpf_core_field_offset(struct upid, nr));
	return nr;
}

/*
 * The current record. Its task fields stay for the next record, which is mostly
 * one of the same task.
 */
static struct dmabuf_rec_ref ref SEC(".bss");
static struct {
	u64 session, address;
	int pid;
} hold_task SEC(".bss");

/**
 * ref_of() - begin the record of a reference
 * @meta: metadata of the iterator
 * @task: the task that has the reference
 */
static __always_inline void ref_of(struct bpf_iter_meta *meta,
				   struct task_struct *task)
{
	struct task_struct *leader;
	u32 level;

	/* The address of a task that ended may belong to another one now. */
	if (hold_task.session == meta->session_id &&
	    hold_task.address == (u64)task && hold_task.pid == task->pid)
		return;
	hold_task.session = meta->session_id;
	hold_task.address = (u64)task;
	hold_task.pid = task->pid;
	leader = task->group_leader;
	ref.head.kind = DMABUF_REC_REF;
	ref.head.size = sizeof(ref);
	level = reader_level();
	ref.pid = pid_number(task->signal->pids[PIDTYPE_TGID], level);
	ref.tid =
		leader == task ? ref.pid : pid_number(task->thread_pid, level);
	bpf_probe_read_kernel_str(ref.comm, sizeof(ref.comm), leader->comm);
}

/**
 * hold_buffer() - fill the fields that every reference has
 * @db: address of the buffer
 * @file: its file
 * @typed: for PEEK() on @file
 * @type: one of enum dmabuf_rec_ref_type
 * @table: see struct dmabuf_rec_ref
 * @place: see there
 * @refs: see there
 */
static __always_inline void hold_buffer(struct dma_buf *db, struct file *file,
					bool typed, u32 type, u64 table,
					u64 place, u32 refs)
{
	struct inode *inode = PEEK(typed, file->f_inode);

	ref.key = (u64)db;
	ref.ino = PEEK(typed, inode->i_ino);
	ref.type = type;
	ref.table = table;
	ref.place = place;
	ref.refs = refs;
}

#endif
