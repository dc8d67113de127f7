/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks, their files and mappings, as far as our programs read them. What a
 * task holds is written as a struct dmabuf_rec_hold.
 */
#ifndef TASK_BPF_H
#define TASK_BPF_H

#include "compat.bpf.h"
#define DMABUF_REC_NO_TYPES
#include "dmabuf_rec.h"

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

/* The filesystem that a file is in, by the number that statfs(2) gives. */
static __always_inline unsigned long file_magic(struct file *file)
{
	struct inode___sb *inode = (void *)BPF_CORE_READ(file, f_inode);

	return BPF_CORE_READ(inode, i_sb, s_magic);
}

/**
 * file_buffer() - tell whether a file is a buffer
 * @file: address of a struct file
 *
 * Only buffers are in the filesystem of buffers, and each points back at its
 * file. Its operations would say the same, but where they are only kallsyms
 * knows, which not everybody may read and which takes long.
 *
 * Return: the buffer, or NULL.
 */
static __always_inline struct dma_buf *file_buffer(struct file *file)
{
	struct dma_buf *db;

	if (file_magic(file) != DMA_BUF_MAGIC)
		return NULL;
	db = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(db, file) == file ? db : NULL;
}

static __always_inline u32 file_mode(struct file *file)
{
	struct inode___kind *inode = (void *)BPF_CORE_READ(file, f_inode);

	return BPF_CORE_READ(inode, i_mode) & S_IFMT;
}

static __always_inline u32 file_rdev(struct file *file)
{
	struct inode___kind *inode = (void *)BPF_CORE_READ(file, f_inode);

	return BPF_CORE_READ(inode, i_rdev);
}

/* Whether a file is of a graphics or compute device, and has GEM handles. */
static __always_inline bool is_drm(struct file *file)
{
	u32 major = file_rdev(file) >> MINOR_BITS;

	return file_mode(file) == S_IFCHR &&
	       (major == DRM_MAJOR || major == ACCEL_MAJOR);
}

/* Whether a file is of a V4L2 device. */
static __always_inline bool is_video(struct file *file)
{
	return file_mode(file) == S_IFCHR &&
	       file_rdev(file) >> MINOR_BITS == VIDEO_MAJOR;
}

/**
 * pid_number() - number of a process or thread for whoever reads
 * @pid: address of a struct pid
 *
 * Return: the number in the reader's PID namespace, 0 when there is none.
 */
static __always_inline u32 pid_number(struct pid *pid)
{
	struct task_struct *reader = (void *)bpf_get_current_task();
	u32 level = BPF_CORE_READ(reader, thread_pid, level);
	u32 nr = 0;

	if (!pid || level > BPF_CORE_READ(pid, level))
		return 0;
	bpf_probe_read_kernel(
		&nr, sizeof(nr),
		(void *)pid + bpf_core_field_offset(struct pid, numbers) +
			level * bpf_core_type_size(struct upid) +
			bpf_core_field_offset(struct upid, nr));
	return nr;
}

/**
 * fill_hold() - fill what every hold of a task has
 * @rec: the record, zeroed
 * @db: the buffer
 * @task: who holds it
 */
static __always_inline void fill_hold(struct dmabuf_rec_hold *rec,
				      struct dma_buf *db,
				      struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	rec->head.kind = DMABUF_REC_HOLD;
	rec->head.size = sizeof(*rec);
	rec->key = (u64)db;
	rec->ino = BPF_CORE_READ(db, file, f_inode, i_ino);
	rec->refs = 1;
	rec->pid = pid_number(BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]));
	rec->tid = leader == task ? rec->pid
				  : pid_number(BPF_CORE_READ(task, thread_pid));
	bpf_probe_read_kernel_str(rec->comm, sizeof(rec->comm), leader->comm);
}

#endif
