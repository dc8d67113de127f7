// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classic iterator, as records: opened by us, or pinned and opened by a
 * reader without capabilities.
 */
/* Several readers may run at a time: the verifier checks each turn of the loop.
 */
#define ATTACHMENTS_MAX 32
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * Set by the loader for a reader who may see kernel addresses and joins holders
 * by them. Not set in a pinned iterator, which anybody may read.
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
	 * Always 0. Mainline to v7.3 leaks a buffer when a program returns 1.
	 * The kernel notices a full page itself: it drops the output for this
	 * buffer and calls again.
	 */
	if (!db || read_fields(&rec, db, 1, true))
		return 0;
	rec.key = ctx->meta->seq_num + 1;
	if (give_address) {
		rec.key = (u64)db;
		rec.have |= DMABUF_HAVE_ADDRESS;
	}
	if (!has_attachments(db, true))
		rec.have |= DMABUF_HAVE_ATTACHMENTS;
	else if (!simple && read_attachments(&rec, seq, hide(db)) == READ_TORN)
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
 * The same, without attachments and without names that are being changed, which
 * are then missing. It is a fifth of the program, and the verifier needs a
 * fiftieth of the time.
 */
ITER("dmabuf")
int read_simple(struct bpf_iter__dmabuf *ctx)
{
	return read_one(ctx, true);
}
