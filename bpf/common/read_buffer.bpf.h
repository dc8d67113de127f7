/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads one struct dma_buf into records. No read can fault: the iterators hold
 * a reference to the buffer, but not the locks of its name and attachments.
 */
#ifndef COMMON_READ_BUFFER_BPF_H
#define COMMON_READ_BUFFER_BPF_H

#include "common/compat.bpf.h"
#define DMABUF_REC_NO_TYPES
#include "abi/records.h"

/*
 * A program defines these before it includes this header: ATTACHMENTS_MAX, the
 * largest number of attachments that it reads of a buffer, if it reads them;
 * RUNS_ALONE when only one instance of it runs at a time; HAS_LOOP when its
 * kernels have bpf_loop(); TYPED as true when they have bpf_rdonly_cast(). With
 * RUNS_ALONE the state of a reading and the function for a step are global, and
 * the verifier checks the function once. Otherwise it checks the function in
 * each turn of the loop.
 */
/* How often a name that changed while it was read is read again. */
#define NAME_TRIES 6

#ifndef TYPED
#define TYPED false
#endif

/* An address as a pointer for PEEK(TYPED). */
#define AS(type, at)                                                           \
	({                                                                     \
		void *__address = (void *)(at);                                \
		TYPED ? CAST(type, __address) : (struct type *)__address;      \
	})
#define LIST_NEXT(at) PEEK(TYPED, AS(list_head, at)->next)
#define LIST_PREV(at) PEEK(TYPED, AS(list_head, at)->prev)

#ifdef ATTACHMENTS_MAX
/**
 * emit() - pass a record to the reader of the program
 * @to: where to: a seq_file, or NULL; the program decides
 * @rec: the record, on the stack
 * @size: bytes of @rec
 *
 * Every program that reads attachments defines it.
 *
 * Return: 0, or a negative error when it does not fit.
 */
static __always_inline long emit(void *to, void *rec, u32 size);

static __always_inline bool linked(struct list_head *prev,
				   struct list_head *node)
{
	return LIST_NEXT(prev) == node && LIST_PREV(node) == prev;
}

enum read_list {
	READ_MORE, /* one entry further */
	READ_WHOLE, /* reached the head of the list again */
	READ_TORN, /* it changed under the reader */
	READ_FULL, /* emit() has no room */
};

/* The position in a list of attachments. */
struct reading {
	void *to; /* for emit() */
	struct dma_buf *db;
	u64 key;
	struct list_head *prev;
	u32 count, pass;
};

/**
 * read_attachment_at() - emit the record of the next attachment
 * @r: the position
 *
 * The program does not hold the reservation lock, so each step is checked: the
 * next entry must point back at this one and belong to this buffer, before and
 * after the read. A string that cannot be read is left empty.
 *
 * Return: one of enum read_list.
 */
static __always_inline int read_attachment_at(struct reading *r)
{
	struct dmabuf_rec_attachment rec = {};
	struct list_head *head =
		(void *)r->db +
		bpf_core_field_offset(struct dma_buf, attachments);
	struct list_head *prev = r->prev, *node = LIST_NEXT(prev);
	const u64 offset =
		bpf_core_field_offset(struct dma_buf_attachment, node);
	struct dma_buf_attachment *att =
		AS(dma_buf_attachment, (void *)node - offset);
	struct device_driver *driver;
	struct device *dev;

	if (!linked(prev, node))
		return READ_TORN;
	if (node == head)
		return READ_WHOLE;
	if (PEEK(TYPED, att->dmabuf) != r->db)
		return READ_TORN;

	dev = PEEK(TYPED, att->dev);
	driver = PEEK(TYPED, dev->driver);
	rec.head.kind = DMABUF_REC_ATTACHMENT;
	rec.head.size = sizeof(rec);
	rec.key = r->key;
	rec.pass = r->pass;
	rec.order = r->count;
	bpf_probe_read_kernel_str(rec.device, sizeof(rec.device),
				  compat_dev_name(dev, TYPED));
	bpf_probe_read_kernel_str(rec.driver, sizeof(rec.driver),
				  PEEK(TYPED, driver->name));
	if (!linked(prev, node))
		return READ_TORN;
	if (emit(r->to, &rec, sizeof(rec)))
		return READ_FULL;

	r->count++;
	r->prev = node;
	return READ_MORE;
}

#ifdef RUNS_ALONE
/*
 * The section is named so that clang 19 does not split the variable and give
 * the parts the type of the whole.
 */
static struct reading reading SEC(".bss");

__noinline int read_attachment(void)
{
	return read_attachment_at(&reading);
}

static __always_inline int read_next_attachment(struct reading *r)
{
	return read_attachment();
}

#define READING (&reading)
#else
static __noinline int read_next_attachment(struct reading *r)
{
	return read_attachment_at(r);
}

#define READING (&(struct reading){})
#endif

#ifdef HAS_LOOP
/* Since Linux v5.17: the verifier checks one turn, not every turn. */
static long read_turn(u32 i, void *end)
{
	return (*(int *)end = read_attachment()) != READ_MORE;
}

static __always_inline int read_list(struct reading *r)
{
	int end = READ_MORE;

	bpf_loop(ATTACHMENTS_MAX + 1, read_turn, &end, 0);
	return end;
}
#else
/*
 * The loop is small on purpose: verifiers before v6.3 refuse a loop whose last
 * instruction is not a jump, and compilers lay out large loops that way.
 */
static __always_inline int read_each(struct reading *r)
{
	int i, end = READ_MORE;

	for (i = 0; i <= ATTACHMENTS_MAX && end == READ_MORE; i++)
		end = read_next_attachment(r);
	return end;
}

#ifdef RUNS_ALONE
/* Global: the verifier does not check the caller after each number of turns. */
__noinline int read_list_alone(void)
{
	return read_each(&reading);
}

static __always_inline int read_list(struct reading *r)
{
	return read_list_alone();
}
#else
#define read_list read_each
#endif
#endif

/**
 * read_attachments() - read the attachments of a buffer
 * @rec: the buffer's record with its key; gets the number of attachments, the
 *	number of this pass, and whether the list was cut
 * @to: for emit()
 * @db: address of the buffer
 *
 * Each call is a pass with its own number, one more than @rec->pass, so that a
 * retry makes the records of a torn pass void.
 *
 * Return: one of enum read_list, READ_MORE when there are too many.
 */
static __always_inline int read_attachments(struct dmabuf_rec_buffer *rec,
					    void *to, struct dma_buf *db)
{
	struct reading *r = READING;
	int end;

	r->to = to;
	r->db = db;
	r->key = rec->key;
	r->prev =
		(void *)db + bpf_core_field_offset(struct dma_buf, attachments);
	r->count = hide(0);
	r->pass = hide(rec->pass + 1);
	end = read_list(r);

	rec->pass = r->pass;
	rec->attachments = r->count;
	rec->have |= DMABUF_HAVE_ATTACHMENTS;
	rec->cut = end == READ_WHOLE ? 0 : DMABUF_HAVE_ATTACHMENTS;
	return end;
}

#endif

/* Whether a buffer has attachments. @typed: for PEEK() */
static __always_inline bool has_attachments(struct dma_buf *db, bool typed)
{
	void *head =
		(void *)db + bpf_core_field_offset(struct dma_buf, attachments);

	return PEEK(typed, db->attachments.next) != head;
}

/* Whether the kernel had not freed @name, which was read before. */
static __always_inline bool is_name_still(struct dma_buf *db, const char *name,
					  bool typed)
{
	bool held;

	compat_read_barrier();
	held = compat_lock_held(db, typed);
	compat_read_barrier();
	return !held && PEEK(typed, db->name) == name;
}

/**
 * read_name() - read a buffer's name
 * @rec: the record, its name all zero
 * @db: the buffer
 * @typed: for PEEK()
 *
 * A buffer without a name never had one. Otherwise the kernel frees the old
 * name before it sets the new one, both under a lock that a program cannot
 * take. The name was valid while it was read if afterwards first the lock is
 * free and then the pointer is still the same: who freed the name before that
 * holds the lock or has set another pointer.
 *
 * Return: whether the name is valid.
 */
static __always_inline bool read_name(struct dmabuf_rec_buffer *rec,
				      struct dma_buf *db, bool typed)
{
	const char *name = PEEK(typed, db->name);

	if (name) {
		bpf_probe_read_kernel_str(rec->name, sizeof(rec->name), name);
		if (!is_name_still(db, name, typed)) {
			/* The memory may be somebody else's by now. */
			__builtin_memset(rec->name, 0, sizeof(rec->name));
			return false;
		}
	}
	rec->have |= DMABUF_HAVE_NAME;
	return true;
}

/* Retries read_name(), for programs that cannot call bpf_loop(). */
static __always_inline void read_name_often(struct dmabuf_rec_buffer *rec,
					    struct dma_buf *db, bool typed)
{
	int i;

#pragma unroll
	for (i = 0; i < NAME_TRIES; i++)
		if (read_name(rec, db, typed))
			break;
}

/**
 * read_numbers() - begin a buffer's record
 * @rec: the record; gets what has a fixed size, except the key
 * @db: the buffer
 * @own_refs: references that the reader itself holds
 * @typed: for PEEK()
 *
 * Return: 0, or -1 when the buffer is being freed.
 */
static __always_inline int read_numbers(struct dmabuf_rec_buffer *rec,
					struct dma_buf *db, u32 own_refs,
					bool typed)
{
	struct file *file = PEEK(typed, db->file);
	struct inode *inode = PEEK(typed, file->f_inode);
	u64 refs = compat_file_refs(file, typed);

	if (refs <= own_refs)
		return -1;

	rec->head.kind = DMABUF_REC_BUFFER;
	rec->head.size = sizeof(*rec);
	rec->refs = refs - own_refs;
	rec->ino = PEEK(typed, inode->i_ino);
	rec->bytes = PEEK(typed, db->size);
	rec->have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS;
	return 0;
}

/* Reads who made a buffer. @at: address of the string */
static __always_inline void read_exporter(struct dmabuf_rec_buffer *rec,
					  const char *at)
{
	if (bpf_probe_read_kernel_str(rec->exporter, sizeof(rec->exporter),
				      at) > 0)
		rec->have |= DMABUF_HAVE_EXPORTER;
}

/**
 * read_fields() - fill a buffer's record, except key, name and attachments
 * @rec: the record, zeroed
 * @db: the buffer
 * @own_refs: references that the reader itself holds
 * @typed: for PEEK()
 *
 * Return: 0, or -1 when the buffer is being freed.
 */
static __always_inline int read_fields(struct dmabuf_rec_buffer *rec,
				       struct dma_buf *db, u32 own_refs,
				       bool typed)
{
	if (read_numbers(rec, db, own_refs, typed))
		return -1;
	read_exporter(rec, PEEK(typed, db->exp_name));
	return 0;
}

#endif
