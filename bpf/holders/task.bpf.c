// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_urings that a thread has registered for itself. It may have closed their
 * descriptors, and then no table of descriptors has them. A record each.
 */
#include "common/task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* IO_RINGFD_REG_MAX. */
#define RINGS_MAX 16

/*
 * Since Linux kernel commit e7a6c00dc77a ("io_uring: add support for
 * registering ring file descriptors") (in v5.18).
 */
struct io_uring_task {
	struct file *registered_rings[RINGS_MAX];
} core;

struct task_struct___rings {
	struct io_uring_task *io_uring;
} core;

static __always_inline int read_task(struct bpf_iter__task *ctx, bool inside)
{
	struct holding *h = current_holding();
	struct task_struct *task = ctx->task;
	struct io_uring_task *own = NULL;
	u32 i, at;
	struct file *file;

	if (!task ||
	    !bpf_core_field_exists(struct task_struct___rings, io_uring) ||
	    !bpf_core_field_exists(struct io_uring_task, registered_rings))
		return 0;
	DISTRUST(task, task_struct);
	own = ((struct task_struct___rings *)task)->io_uring;
	if (!own)
		return 0;
	at = bpf_core_field_offset(struct io_uring_task, registered_rings);
#pragma clang loop unroll(disable)
	for (i = 0; i < RINGS_MAX; i++) {
		bpf_probe_read_kernel(&file, sizeof(file),
				      (void *)own + at + i * sizeof(file));
		if (!file)
			continue;
		h->rec.key = (u64)file;
		h->rec.type = DMABUF_REC_REF_FILE;
		ref_of(h, ctx->meta, task, inside);
		h->rec.place = i;
		write_ref(h, ctx->meta);
	}
	return 0;
}

TASK_PROGRAMS("task", read_rings, task)
