// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of buffers, a record each. The kernel returns the tasks of the
 * reader's PID namespace, and a thread separately only when it has its own
 * table of descriptors.
 */
#include "common/files.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * The buffer of a descriptor opened with O_PATH, which has no reference to the
 * buffer's file but keeps its directory entry. NULL if the buffer is still in
 * the kernel's list: then other references keep it, too. list_del() leaves
 * LIST_POISON1, which has its high bits from a kernel option. Also puts the
 * size into the record.
 */
static __always_inline struct dma_buf *released_buffer(struct file *file)
{
	struct file___path *path = (void *)file;
	struct dma_buf *db = path->f_path.dentry->d_fsdata;
	u64 next = 0;

	bpf_probe_read_kernel(&next, sizeof(next), &db->list_node.next);
	bpf_probe_read_kernel(&ref.bytes, sizeof(ref.bytes), &db->size);
	return next << 16 == 0x100 << 16 ? db : NULL;
}

ITER("task_file")
int read_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	u32 type = DMABUF_REC_REF_FD;
	struct dma_buf *db;

	if (!task || !file || file_magic(file, true) != DMA_BUF_MAGIC)
		return 0;
	ref.bytes = ref.offset = 0;
	db = file->private_data;
	if (!db) {
		db = released_buffer(file);
		type = DMABUF_REC_REF_PATH;
	}
	if (!db)
		return 0;
	ref_of(ctx->meta, task);
	hold_buffer(db, file, true, type, (u64)task->files, ctx->fd, 1);
	bpf_seq_write(ctx->meta->seq, &ref, sizeof(ref));
	return 0;
}
