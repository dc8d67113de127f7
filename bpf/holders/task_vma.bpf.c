// SPDX-License-Identifier: GPL-2.0-only
/* Mappings of buffers, and of files that may keep buffers, a record each. */
#include "common/files.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the loader. */
u32 page_shift;

static __always_inline int read_task_vma(struct bpf_iter__task_vma *ctx,
					 bool inside)
{
	struct holding *h = current_holding();
	struct task_struct *task = ctx->task;
	struct vm_area_struct *vma = ctx->vma;
	struct file *file;
	struct dma_buf *db;

	if (!task || !vma)
		return 0;
	file = vma->vm_file;
	if (!file)
		return 0;
	db = file_buffer(file);
	if (db)
		hold_buffer(&h->rec, db, file, DMABUF_REC_REF_MAP);
	else if (may_keep(file, file_mode(file)))
		record_file(&h->rec, file, DMABUF_REC_REF_FILE);
	else
		return 0;
	ref_of(h, ctx->meta, task, inside);
	h->rec.table = (u64)task->mm;
	h->rec.place = vma->vm_start;
	h->rec.bytes = vma->vm_end - h->rec.place;
	h->rec.offset = vma->vm_pgoff << page_shift;
	write_ref(h, ctx->meta);
	return 0;
}

TASK_PROGRAMS("task_vma", read_mapping, task_vma)
