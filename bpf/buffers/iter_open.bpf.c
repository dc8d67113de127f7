// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-coded iterator: the kernel walks its list and returns each buffer
 * with a reference held. The program writes records into arrays that the reader
 * maps. When they are full it goes on counting, so that the reader can make
 * larger ones.
 */
#define ATTACHMENTS_MAX 256
#define RUNS_ALONE
#define HAS_LOOP
#define TYPED true
#include "abi/iter_open.h"
#include "common/array.bpf.h"
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* The reader zeroes each record that it took. */
MAPPED_ARRAY(records, struct dmabuf_rec_buffer, ROOM);
MAPPED_ARRAY(attachments, struct dmabuf_rec_attachment, ROOM_ATTACHED);

/* In: read only what tells whether a buffer and its references are the same. */
bool again;
/* Out: how many buffers and attachments the last pass saw. */
u32 buffers, attached;
/* Out: read_simple() found a buffer that needs read_buffers(). */
bool not_simple;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	struct dmabuf_rec_attachment *slot =
		bpf_map_lookup_elem(&attachments, &attached);

	if (slot)
		__builtin_memcpy(slot, rec, sizeof(*slot));
	attached++;
	return 0;
}

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

/* How often a value that changed while it was read is read again. */
#define TRIES 8

/* In: the buffer that read_rest() reads, while the iterator holds it. */
static u64 current;
/* In: the index of its record. */
static u32 current_record;
/* Increases, so that each pass has its own number. */
static u32 pass;

static long try_name(u32 i, void *unused)
{
	struct dmabuf_rec_buffer *rec =
		bpf_map_lookup_elem(&records, &current_record);

	return !rec || rec->have & DMABUF_HAVE_NAME ||
	       read_name(rec, AS(dma_buf, current), TYPED);
}

static long try_attachments(u32 i, void *unused)
{
	struct dmabuf_rec_buffer *rec =
		bpf_map_lookup_elem(&records, &current_record);

	if (!rec)
		return 1;
	rec->pass = pass++;
	return read_attachments(rec, NULL, (struct dma_buf *)current) !=
	       READ_TORN;
}

/* Reads the fields that the first try could not read. */
__noinline int read_rest(void)
{
	bpf_loop(TRIES, try_name, NULL, 0);
	bpf_loop(TRIES, try_attachments, NULL, 0);
	return 0;
}

/* The address of the last exporter's name: few buffers have another one. */
static u64 last_exporter;

/* Return: whether to go on. */
static __always_inline bool read_one(struct dma_buf *db, bool simple)
{
	struct dmabuf_rec_buffer *rec = bpf_map_lookup_elem(&records, &buffers);
	const char *exporter;

	if (!rec) {
		buffers++;
		return true;
	}
	DISTRUST(db, dma_buf);
	if (read_numbers(rec, db, 1, true))
		return true;
	buffers++;
	rec->key = (u64)db;
	rec->have |= DMABUF_HAVE_ADDRESS;
	if (again)
		return true;
	exporter = db->exp_name;
	if ((u64)exporter == last_exporter)
		rec->have |= SAME_EXPORTER;
	else
		read_exporter(rec, exporter);
	last_exporter = (u64)exporter;
	if (read_name(rec, db, true) && read_no_attachments(rec, db))
		return true;
	if (simple) {
		not_simple = true;
		return false;
	}
	current = (u64)db;
	current_record = buffers - 1;
	read_rest();
	return true;
}

static __always_inline int read_all(bool simple)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *db;

	buffers = 0;
	attached = 0;
	not_simple = false;
	/* No exporter has it: some give NULL. */
	last_exporter = 1;
	bpf_iter_dmabuf_new(&it);
	/* After NULL the next call would start over: do not call again. */
	while ((db = bpf_iter_dmabuf_next(&it)))
		if (!read_one(db, simple))
			break;
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}

RUN int read_buffers(void *ctx)
{
	return read_all(false);
}

/*
 * The same, while no buffer has attachments and no name is being changed. It is
 * a third of the program, and the verifier needs a third of the time.
 */
RUN int read_simple(void *ctx)
{
	return read_all(true);
}
