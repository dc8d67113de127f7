// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-coded iterator: the kernel walks its list and hands out each buffer
 * with a reference held; we pack records into a ring buffer. One pass counts,
 * so that the reader can size the ring, one reads.
 */
#define ATTACHMENTS_MAX 256
#define RUNS_ALONE
#include "read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* One ring buffer, in an array so that a larger one can take its place. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

/* Out: what the last pass saw. */
u64 buffers;
/* Out: the ring had no room for the rest. */
bool full;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	u32 first = 0;
	void *ring = bpf_map_lookup_elem(&rings, &first);

	if (!ring)
		return -1;
	return bpf_ringbuf_output(ring, rec, size, BPF_RB_NO_WAKEUP);
}

SEC("syscall")
int count_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	u64 n = 0;

	bpf_iter_dmabuf_new(&it);
	while (bpf_iter_dmabuf_next(&it))
		n++;
	bpf_iter_dmabuf_destroy(&it);

	buffers = n;
	return 0;
}

/* A list of attachments that changes while it is read is read again. */
#define TRIES 8

/* In: the buffer that read_one() shall read, for as long as it is ours. */
static u64 current;
/* How often read_one() has been called, so that no two passes are the same. */
static u32 pass;

/**
 * read_one() - emit the records of the current buffer
 * @last: emit the buffer even if its attachments are torn
 *
 * Return: one of enum read_list.
 */
__noinline int read_one(int last)
{
	struct dmabuf_rec_buffer rec = {};
	struct dma_buf *db = (struct dma_buf *)current;
	int end;

	if (read_fields(&rec, db, 1))
		return READ_WHOLE;
	rec.key = (u64)db;
	rec.have |= DMABUF_HAVE_ADDRESS;
	rec.pass = pass++;
	end = read_attachments(&rec, NULL, db);
	if (end == READ_FULL || (end == READ_TORN && !last))
		return end;
	return emit(NULL, &rec, sizeof(rec)) ? READ_FULL : READ_WHOLE;
}

SEC("syscall")
int read_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *db;
	int i, end;

	full = false;
	bpf_iter_dmabuf_new(&it);
	/* The kernel starts over when asked again after NULL: never ask. */
	while ((db = bpf_iter_dmabuf_next(&it))) {
		current = (u64)db;
		end = READ_TORN;
		for (i = 1; i <= TRIES && end == READ_TORN; i++)
			end = read_one(i == TRIES);
		if (end == READ_FULL) {
			full = true;
			break;
		}
	}
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}
