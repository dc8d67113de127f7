// SPDX-License-Identifier: GPL-2.0-only
/* Mappings of buffers, a record each. */
#include "common/task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the loader. */
u32 page_shift;

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
	ref_of(ctx->meta, task);
	hold_buffer(db, file, true, DMABUF_REC_REF_MAP, (u64)task->mm,
		    vma->vm_start, 1);
	ref.bytes = vma->vm_end - ref.place;
	ref.offset = vma->vm_pgoff << page_shift;
	bpf_seq_write(ctx->meta->seq, &ref, sizeof(ref));
	return 0;
}
