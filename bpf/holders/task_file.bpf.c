// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of buffers, and of other files that may keep buffers, a record
 * each. The kernel returns the tasks of the reader's PID namespace, and a
 * thread separately only when it has its own table of descriptors.
 */
#include "common/files.bpf.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline bool keeps_buffers(struct file *file)
{
	const u32 mode = file_mode(file);

	return mode == S_IFSOCK ? has_messages(file) : may_keep(file, mode);
}

static __always_inline int read_task_file(struct bpf_iter__task_file *ctx,
					  bool inside)
{
	struct holding *h = current_holding();
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct dma_buf *db;

	if (!task || !file)
		return 0;
	if (file_magic(file) == DMA_BUF_MAGIC) {
		db = file->private_data;
		/* A descriptor opened with O_PATH has a file of its own. */
		if (db)
			hold_buffer(&h->rec, db, file, DMABUF_REC_REF_FD);
		else
			record_file(&h->rec, file, DMABUF_REC_REF_PATH);
	} else if (keeps_buffers(file)) {
		record_file(&h->rec, file, DMABUF_REC_REF_FILE);
	} else {
		return 0;
	}
	ref_of(h, ctx->meta, task, inside);
	h->rec.table = (u64)task->files;
	h->rec.place = ctx->fd;
	write_ref(h, ctx->meta);
	return 0;
}

TASK_PROGRAMS("task_file", read_file, task_file)
