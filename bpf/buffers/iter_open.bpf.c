// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-coded iterator: the kernel walks its list and returns each buffer
 * with a reference held. The program writes records into an array that the
 * reader maps. When it is full the program goes on counting, so that the reader
 * can make a larger one. User space reads the attachments of those buffers that
 * have any.
 */
#define TYPED true
#include "abi/iter_open.h"
#include "common/array.bpf.h"
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* The reader zeroes each record that it took. */
MAPPED_ARRAY(records, struct dmabuf_rec_buffer, ROOM);

/* In: read only what tells whether a buffer and its references are the same. */
bool again;
/* Out: how many buffers the last pass saw. */
u32 buffers;
/* Out: how many names changed while they were read. */
u32 torn;

RUN int count_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	u32 n = 0;

	bpf_iter_dmabuf_new(&it);
	while (bpf_iter_dmabuf_next(&it))
		n++;
	bpf_iter_dmabuf_destroy(&it);

	buffers = n;
	return 0;
}

/* The address of the last exporter's name: few buffers have another one. */
static u64 last_exporter;

static __always_inline void read_one(struct dma_buf *db)
{
	struct dmabuf_rec_buffer *rec = bpf_map_lookup_elem(&records, &buffers);
	const char *exporter;

	if (!rec) {
		buffers++;
		return;
	}
	DISTRUST(db, dma_buf);
	if (read_numbers(rec, db, 1, true))
		return;
	buffers++;
	rec->key = (u64)db;
	rec->have |= DMABUF_HAVE_ADDRESS;
	if (again)
		return;
	exporter = db->exp_name;
	if ((u64)exporter == last_exporter)
		rec->have |= SAME_EXPORTER;
	else
		read_exporter(rec, exporter);
	last_exporter = (u64)exporter;
	if (!read_name(rec, db, true))
		torn++;
	read_no_attachments(rec, db);
}

RUN int read_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *db;

	buffers = 0;
	torn = 0;
	/* No exporter has it: some give NULL. */
	last_exporter = 1;
	bpf_iter_dmabuf_new(&it);
	/* After NULL the next call would start over: do not call again. */
	while ((db = bpf_iter_dmabuf_next(&it)))
		read_one(db);
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}
