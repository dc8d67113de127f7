// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors and mappings of buffers, for pinned files. Anybody may be allowed
 * to read such a file: its records have hashes in place of kernel addresses.
 * Several readers may read at a time: a record is on the stack.
 */
#include "common/siphash.bpf.h"
#include "common/task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the loader; the key to random numbers. */
u32 page_shift;
u64 table_key[2];

/* The number of a process or thread in the reader's PID namespace, or 0. */
static __always_inline u32 number_of(struct pid *pid)
{
	u32 level = reader_level();

	if (!pid || level > pid->level)
		return 0;
	return pid_number(pid, level);
}

static __always_inline void emit_ref(struct bpf_iter_meta *meta,
				     struct task_struct *task,
				     struct file *file,
				     struct dmabuf_rec_ref *rec)
{
	struct task_struct *leader = task->group_leader;

	rec->head.kind = DMABUF_REC_REF;
	rec->head.size = sizeof(*rec);
	rec->ino = file->f_inode->i_ino;
	rec->refs = 1;
	rec->pid = number_of(task->signal->pids[PIDTYPE_TGID]);
	if (!rec->tid)
		rec->tid = rec->pid;
	bpf_probe_read_kernel_str(rec->comm, sizeof(rec->comm), leader->comm);
	bpf_seq_write(meta->seq, rec, sizeof(*rec));
}

ITER("task_file")
int read_pinned_file(struct bpf_iter__task_file *ctx)
{
	struct dmabuf_rec_ref rec = { .type = DMABUF_REC_REF_FD };
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;

	if (!task || !file || !file_buffer(file))
		return 0;
	rec.table = siphash_word(table_key, hide((u64)task->files));
	rec.place = ctx->fd;
	if (task->group_leader != task)
		rec.tid = number_of(task->thread_pid);
	emit_ref(ctx->meta, task, file, &rec);
	return 0;
}

/* A mapping is of the process. Its leader may have ended before its threads. */
ITER("task_vma")
int read_pinned_mapping(struct bpf_iter__task_vma *ctx)
{
	struct dmabuf_rec_ref rec = { .type = DMABUF_REC_REF_MAP };
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;
	struct file *file;

	if (!task || !vma)
		return 0;
	file = vma->vm_file;
	if (!file || !file_buffer(file))
		return 0;
	if (task->group_leader != task && task->group_leader->mm)
		return 0;
	rec.table = siphash_word(table_key, hide((u64)task->mm));
	rec.place = vma->vm_start;
	rec.bytes = vma->vm_end - vma->vm_start;
	rec.offset = vma->vm_pgoff << page_shift;
	emit_ref(ctx->meta, task, file, &rec);
	return 0;
}
