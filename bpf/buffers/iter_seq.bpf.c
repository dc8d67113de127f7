// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classic iterator, as records: opened by us, or pinned and opened by a
 * reader who has no capability at all.
 */
/* Many may read at a time, so the verifier walks each turn of the loop. */
#define ATTACHMENTS_MAX 32
#include "common/read_buffer.bpf.h"

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

static __always_inline int read_one(struct bpf_iter__dmabuf *ctx, bool simple)
{
	struct dmabuf_rec_buffer rec = {};
	struct dma_buf *db = ctx->dmabuf;
	struct seq_file *seq = ctx->meta->seq;

	/*
	 * Always 0. Mainline to v7.3 leaks a buffer when a program returns 1,
	 * and it needs no help with a full page: it sees that itself, throws
	 * away what this buffer gave and calls again.
	 */
	if (!db || read_fields(&rec, db, 1, true))
		return 0;
	rec.key = ctx->meta->seq_num + 1;
	if (give_address) {
		rec.key = (u64)db;
		rec.have |= DMABUF_HAVE_ADDRESS;
	}
	if (!read_no_attachments(&rec, db) && !simple &&
	    read_attachments(&rec, seq, hide(db)) == READ_TORN)
		read_attachments(&rec, seq, hide(db));
	if (simple)
		read_name(&rec, db, true);
	else
		read_name_often(&rec, db, true);
	emit(seq, &rec, sizeof(rec));
	return 0;
}

ITER("dmabuf")
int read_buffers(struct bpf_iter__dmabuf *ctx)
{
	return read_one(ctx, false);
}

/*
 * The same of buffers that have no attachments, and a name that is not just
 * being changed. Of others these are not had. It is a fifth of the program, and
 * the verifier takes a fiftieth of the time for it.
 */
ITER("dmabuf")
int read_simple(struct bpf_iter__dmabuf *ctx)
{
	return read_one(ctx, true);
}
