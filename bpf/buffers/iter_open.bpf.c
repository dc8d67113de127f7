// SPDX-License-Identifier: GPL-2.0-only
/*
 * The open-coded iterator: the kernel walks its list and returns each buffer
 * with a reference held. The program writes records into an array that the
 * reader maps. When it is full the program goes on counting, so that the reader
 * can make a larger one. User space reads the attachments of those buffers that
 * have any.
 *
 * The records stay: a second pass is compared with them where they are, so that
 * the reader need not look when nothing changed.
 */
#define TYPED true
#include "common/array.bpf.h"
#include "common/read_buffer.bpf.h"
#include "abi/iter_open.h"

char LICENSE[] SEC("license") = "GPL";

MAPPED_ARRAY(records, struct open_buffer, ROOM);

struct open_pass pass;
/* Out of count_buffers(). */
u32 buffers;

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

/* Counts a record. Return: it, or NULL when there is no room. */
static __always_inline struct open_buffer *next_record(struct open_pass *p)
{
	struct open_buffer *rec = bpf_map_lookup_elem(&records, &p->records);

	p->records++;
	/* Or else the compiler copies code for the case that it is NULL. */
	asm volatile("" : "+r"(rec));
	return rec;
}

static __always_inline void read_text(struct open_pass *p)
{
	struct open_buffer *rec = next_record(p);

	if (!rec)
		return;
	rec->key = 0;
	rec->length = bpf_probe_read_kernel_str(rec->text, sizeof(rec->text),
						(void *)p->exporter);
}

/*
 * Reads a name as numbers: a call for a string takes five times as long. A
 * struct dma_buf_attachment begins with as many pointers. Behind the NUL there
 * is other memory of the kernel, which the reader drops. Return: whether it is
 * valid, as read_name() does.
 */
static __always_inline bool read_words(struct open_buffer *rec,
				       struct dma_buf *db)
{
	struct dma_buf_attachment *as = (void *)db->name;

	rec->words[0] = 0;
	if (!as)
		return true;
	as = CAST(dma_buf_attachment, as);
	rec->words[0] = (u64)as->dmabuf;
	rec->words[1] = (u64)as->dev;
	rec->words[2] = (u64)as->node.next;
	rec->words[3] = (u64)as->node.prev;
	return is_name_still(db, (const char *)as, true);
}

/*
 * A verifier may take thousands of instructions of the CPU for each of the
 * program, so what is needed twice stays in a register.
 */
static __always_inline void read_one(struct dma_buf *db)
{
	struct open_pass *p = &pass;
	struct open_buffer *rec;
	u64 refs, ino, state;

	asm volatile("" : "+r"(p));
	DISTRUST(db, dma_buf);
	/* One reference is ours: a buffer with no other is being freed. */
	refs = compat_file_refs(db->file, true);
	if (refs <= 1)
		return;
	if (db->exp_name != (void *)p->exporter) {
		p->exporter = (u64)db->exp_name;
		read_text(p);
	}
	rec = next_record(p);
	if (!rec)
		return;
	ino = db->file->f_inode->i_ino;
	state = (refs - 1) << OPEN_REFS;
	if (p->again && (void *)rec->key == db &&
	    !((rec->ino ^ ino) | (rec->state ^ state) >> OPEN_REFS))
		return;
	/* Or else the compiler keeps the address twice. */
	asm volatile("" : "+r"(db));
	p->changed = true;
	rec->key = (u64)db;
	rec->ino = ino;
	rec->bytes = db->size;
	if (read_words(rec, db))
		state |= OPEN_NAME;
	if (!has_attachments(db, true))
		state |= OPEN_UNATTACHED;
	rec->state = state;
}

RUN int read_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *db;

	bpf_iter_dmabuf_new(&it);
	/* After NULL the next call would start over: do not call again. */
	while ((db = bpf_iter_dmabuf_next(&it)))
		read_one(db);
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}
