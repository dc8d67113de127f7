// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds buffers: a record for each descriptor and each mapping of one. The
 * kernel gives the tasks of the reader's PID namespace, and a thread of its own
 * only when it has its own table of descriptors.
 */
#include "files.bpf.h"
#include "task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the loader. */
u32 page_shift;
/* Out: whether files are open that may keep more: of DRM, of V4L2, others. */
bool has_drm, has_video, has_others;

static __always_inline void see_kind(struct file *file)
{
	u32 mode = file_mode(file);

	if (mode == S_IFCHR) {
		if (is_drm(file))
			has_drm = true;
		if (is_video(file))
			has_video = true;
	} else if (mode == S_IFSOCK ? has_messages(file)
				    : is_ring(file) || iterator_at(file)) {
		has_others = true;
	}
}

ITER("task_file")
int read_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct dma_buf *db;

	if (!task || !file)
		return 0;
	db = file_buffer(file, true);
	if (!db) {
		see_kind(file);
		return 0;
	}
	hold_of(ctx->meta, task);
	hold.bytes = hold.offset = 0;
	hold_buffer(db, DMABUF_REC_HOLD_FD, (u64)task->files, ctx->fd, 1);
	bpf_seq_write(ctx->meta->seq, &hold, sizeof(hold));
	return 0;
}

ITER("task_vma")
int read_mapping(struct bpf_iter__task_vma *ctx)
{
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;
	struct file *file;
	struct dma_buf *db;

	if (!task || !vma)
		return 0;
	file = vma->vm_file;
	if (!file)
		return 0;
	db = file_buffer(file, true);
	if (!db)
		return 0;
	hold_of(ctx->meta, task);
	hold_buffer(db, DMABUF_REC_HOLD_MAP, (u64)task->mm, vma->vm_start, 1);
	hold.bytes = vma->vm_end - hold.place;
	hold.offset = vma->vm_pgoff << page_shift;
	bpf_seq_write(ctx->meta->seq, &hold, sizeof(hold));
	return 0;
}
