// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds buffers: a record for each descriptor and each mapping of one. The
 * kernel gives the tasks of the reader's PID namespace, and a thread of its own
 * only when it has its own table of descriptors.
 */
#include "task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the loader. */
u32 page_shift;
/* Out: whether files are open that may keep more: of DRM, of V4L2. */
bool has_drm, has_video;

ITER("task_file")
int read_file(struct bpf_iter__task_file *ctx)
{
	struct dmabuf_rec_hold rec = {};
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct dma_buf *db;

	if (!task || !file)
		return 0;
	if (is_drm(file))
		has_drm = true;
	if (is_video(file))
		has_video = true;
	db = file_buffer(file);
	if (!db)
		return 0;

	fill_hold(&rec, db, task);
	rec.type = DMABUF_REC_HOLD_FD;
	rec.table = (u64)BPF_CORE_READ(task, files);
	rec.place = ctx->fd;
	bpf_seq_write(ctx->meta->seq, &rec, sizeof(rec));
	return 0;
}

ITER("task_vma")
int read_mapping(struct bpf_iter__task_vma *ctx)
{
	struct dmabuf_rec_hold rec = {};
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;
	struct file *file;
	struct dma_buf *db;

	if (!task || !vma)
		return 0;
	file = BPF_CORE_READ(vma, vm_file);
	if (!file)
		return 0;
	db = file_buffer(file);
	if (!db)
		return 0;

	fill_hold(&rec, db, task);
	rec.type = DMABUF_REC_HOLD_MAP;
	rec.table = (u64)BPF_CORE_READ(task, mm);
	rec.place = BPF_CORE_READ(vma, vm_start);
	rec.bytes = BPF_CORE_READ(vma, vm_end) - rec.place;
	rec.offset = BPF_CORE_READ(vma, vm_pgoff) << page_shift;
	bpf_seq_write(ctx->meta->seq, &rec, sizeof(rec));
	return 0;
}
