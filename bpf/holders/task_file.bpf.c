// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of buffers, a record each. The kernel returns the tasks of the
 * reader's PID namespace, and a thread separately only when it has its own
 * table of descriptors.
 */
#include "common/task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

ITER("task_file")
int read_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct dma_buf *db;

	if (!task || !file)
		return 0;
	db = file_buffer(file, true);
	if (!db)
		return 0;
	ref_of(ctx->meta, task);
	ref.bytes = ref.offset = 0;
	hold_buffer(db, file, true, DMABUF_REC_REF_FD, (u64)task->files,
		    ctx->fd, 1);
	bpf_seq_write(ctx->meta->seq, &ref, sizeof(ref));
	return 0;
}
