// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classic iterator, as records: opened by us, or pinned and opened by a
 * reader who has no capability at all.
 */
/* Many may read at a time, so the verifier walks each turn of the loop. */
#define ATTACHMENTS_MAX 32
#include "read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * Set by the loader for a reader who may know kernel addresses, and who joins
 * holders by them. A pinned iterator has it unset: its readers may be anybody.
 */
bool give_address;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	return bpf_seq_write(to, rec, size);
}

ITER("dmabuf")
int read_buffers(struct bpf_iter__dmabuf *ctx)
{
	struct dmabuf_rec_buffer rec = {};
	struct dma_buf *db = hide(ctx->dmabuf);
	struct seq_file *seq = ctx->meta->seq;

	/*
	 * Always 0. Mainline to v7.3 leaks a buffer when a program returns 1,
	 * and it needs no help with a full page: it sees that itself, throws
	 * away what this buffer gave and calls again.
	 */
	if (!db || read_fields(&rec, db, 1))
		return 0;
	rec.key = ctx->meta->seq_num + 1;
	if (give_address) {
		rec.key = (u64)db;
		rec.have |= DMABUF_HAVE_ADDRESS;
	}
	if (read_attachments(&rec, seq, db) == READ_TORN)
		read_attachments(&rec, seq, db);
	emit(seq, &rec, sizeof(rec));
	return 0;
}
