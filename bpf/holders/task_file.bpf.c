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
 * the kernel's list: then other references keep it, too.
 */
static __always_inline struct dma_buf *released_buffer(struct file *file)
{
	struct file___path *path = (void *)file;
	struct dentry *dentry = path->f_path.dentry;
	struct dma_buf *db = dentry->d_fsdata;
	u64 next = db ? (u64)BPF_CORE_READ(db, list_node.next) : 0;

	/* list_del() leaves LIST_POISON1, which has its high bits from a
	 * kernel option. */
	return next << 16 == 0x100 << 16 ? db : NULL;
}

ITER("task_file")
int read_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct dma_buf *db, *released;

	if (!task || !file)
		return 0;
	if (file_magic(file, true) != DMA_BUF_MAGIC)
		return 0;
	db = file->private_data;
	released = db ? NULL : released_buffer(file);
	if (!db && !released)
		return 0;
	ref_of(ctx->meta, task);
	ref.bytes = released ? BPF_CORE_READ(released, size) : 0;
	ref.offset = 0;
	hold_buffer(db ?: released, file, true,
		    db ? DMABUF_REC_REF_FD : DMABUF_REC_REF_PATH,
		    (u64)task->files, ctx->fd, 1);
	bpf_seq_write(ctx->meta->seq, &ref, sizeof(ref));
	return 0;
}
