// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classic iterator, as the text of Android's production program, which
 * readers get from its pinned file: inode, size, name and exporter of a buffer,
 * one line each. A name that changed at each read is empty: the format cannot
 * express an unknown value.
 */
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* A newline in a string would shift every line after it. */
static __always_inline void no_newlines(char *s, int size)
{
	int i;

	for (i = 0; i < size && s[i]; i++)
		if (s[i] == '\n')
			s[i] = ' ';
}

ITER("dmabuf")
int print_buffers(struct bpf_iter__dmabuf *ctx)
{
	static const char format[] = "%lu\n%llu\n%s\n%s\n";
	struct dmabuf_rec_buffer rec = {};
	struct dma_buf *db = ctx->dmabuf;
	u64 args[4];

	/* Always 0; see iter_seq.bpf.c. */
	if (!db || read_fields(&rec, db, 1, true))
		return 0;
	read_name_often(&rec, db, true);
	no_newlines(rec.name, sizeof(rec.name));
	no_newlines(rec.exporter, sizeof(rec.exporter));

	args[0] = rec.ino;
	args[1] = rec.bytes;
	args[2] = (u64)rec.name;
	args[3] = (u64)rec.exporter;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), args,
		       sizeof(args));
	return 0;
}
