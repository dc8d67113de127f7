// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-coded iterator: the kernel walks its list and returns each buffer
 * with a reference held. The program packs records into a ring buffer. When the
 * ring is full, the pass goes on counting, so that the reader can size the
 * ring.
 */
#define ATTACHMENTS_MAX 256
#define RUNS_ALONE
#define HAS_LOOP
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* One ring buffer, in an array so that a larger one can replace it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

/* Out: number of buffers that the last pass saw. */
u64 buffers;
/* Out: the ring was too small for all records. */
bool full;
/* Out: read_simple() found a buffer that needs read_buffers(). */
bool not_simple;

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

/* How often a value that changed while it was read is read again. */
#define TRIES 8

/* In: the buffer that read_rest() reads, while the iterator holds it. */
static u64 current;
/* The current record. */
static struct dmabuf_rec_buffer rec SEC(".bss");
/* Increases, so that each pass has its own number. */
static u32 pass;

static long try_name(u32 i, void *unused)
{
	return read_name(&rec, (struct dma_buf *)current, false);
}

static long try_attachments(u32 i, void *end)
{
	rec.pass = pass++;
	*(int *)end = read_attachments(&rec, NULL, (struct dma_buf *)current);
	return *(int *)end != READ_TORN;
}

/**
 * read_rest() - read the fields that the first try could not read
 *
 * Return: one of enum read_list.
 */
__noinline int read_rest(void)
{
	int end = READ_TORN;

	if (!(rec.have & DMABUF_HAVE_NAME))
		bpf_loop(TRIES, try_name, NULL, 0);
	bpf_loop(TRIES, try_attachments, &end, 0);
	return end;
}

/* Return: whether to go on. */
static __always_inline bool read_one(struct dma_buf *db, bool simple)
{
	buffers++;
	if (full)
		return true;
	__builtin_memset(&rec, 0, sizeof(rec));
	if (read_fields(&rec, db, 1, true))
		return true;
	current = (u64)db;
	rec.key = current;
	rec.pass = pass++;
	rec.have |= DMABUF_HAVE_ADDRESS;
	if (!read_name(&rec, db, true) || !read_no_attachments(&rec, db)) {
		if (simple) {
			not_simple = true;
			return false;
		}
		if (read_rest() == READ_FULL)
			full = true;
	}
	if (!full && emit(NULL, &rec, sizeof(rec)))
		full = true;
	return true;
}

static __always_inline int read_all(bool simple)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *db;

	buffers = 0;
	full = false;
	not_simple = false;
	bpf_iter_dmabuf_new(&it);
	/* After NULL the next call would start over: do not call again. */
	while ((db = bpf_iter_dmabuf_next(&it)))
		if (!read_one(db, simple))
			break;
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}

SEC("syscall")
int read_buffers(void *ctx)
{
	return read_all(false);
}

/*
 * The same, while no buffer has attachments and no name is being changed. It is
 * a third of the program, and the verifier needs a third of the time.
 */
SEC("syscall")
int read_simple(void *ctx)
{
	return read_all(true);
}
