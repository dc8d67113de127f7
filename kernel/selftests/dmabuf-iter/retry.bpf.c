// SPDX-License-Identifier: GPL-2.0-only
/*
 * iter_seq.bpf.c, but that it asks to be called again for one and the same
 * buffer, as a program may at any time: its reader gets EAGAIN.
 */
#define ATTACHMENTS_MAX 0
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* In: buffers to give before the one to be refused, and how often to refuse. */
u64 before;
u64 refusals;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	return bpf_seq_write(to, rec, size);
}

SEC("iter/dmabuf")
int read_buffers(struct bpf_iter__dmabuf *ctx)
{
	struct dmabuf_rec_buffer rec = {};
	struct dma_buf *db = ctx->dmabuf;
	struct seq_file *seq = ctx->meta->seq;

	if (before) {
		before--;
	} else if (refusals) {
		refusals--;
		return 1;
	}

	if (!db || read_fields(&rec, db, 1, true))
		return 0;
	read_name_often(&rec, db, true);
	read_attachments(&rec, seq, hide(db));
	emit(seq, &rec, sizeof(rec));
	return 0;
}
