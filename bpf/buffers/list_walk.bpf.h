/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks the kernel's own list of buffers, on a kernel without an iterator.
 *
 * We hold neither the list's mutex nor a reference. What makes the answer
 * right all the same:
 *
 * - No read can fault, of any address: it is a call of bpf_probe_read_kernel(),
 *   or, on kernels that check the address, uses a pointer of bpf_rdonly_cast().
 * - A step from one node to the next counts only when both point at each other
 *   and the node is a buffer (its file has the buffers' file_operations and
 *   points back at it), before and after its fields were read. A buffer that
 *   went away in between fails that, and the walk starts over.
 * - The kernel adds buffers at the front (list_add(), in v5.10 to v7.3) and we
 *   walk from the front. So when the buffer we stand on is freed and its
 *   memory becomes a new buffer, the walk goes on from the front again: it
 *   sees buffers twice, which the reader sorts out, but never jumps over one.
 *
 * A walk is cut into short runs, since the kernel cannot be preempted in one.
 */
#ifndef BUFFERS_LIST_WALK_BPF_H
#define BUFFERS_LIST_WALK_BPF_H

/* A program may define HAS_LOOP and TYPED: see common/read_buffer.bpf.h. */
#define ATTACHMENTS_MAX 256
#define RUNS_ALONE
#include "abi/list_walk.h"
#include "common/array.bpf.h"
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Steps of a run, and its records: each step needs at most one. */
#ifndef RUN_NODES
#define RUN_NODES 512
#endif
/* Attachments of a run: more than it reads of one buffer. */
#define RUN_ATTACHED (2 * ATTACHMENTS_MAX)

/*
 * The reader empties both after each run, and zeroes each record of a buffer.
 * One without any DMABUF_HAVE_* is of a step that does not count.
 */
MAPPED_ARRAY(records, struct dmabuf_rec_buffer, RUN_NODES);
MAPPED_ARRAY(attachments, struct dmabuf_rec_attachment, RUN_ATTACHED);

struct list_walk_state state;
/* How often the name of the next buffer could not be read. */
static u32 failed_names;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	struct dmabuf_rec_attachment *slot =
		bpf_map_lookup_elem(&attachments, &state.attached);

	if (!slot)
		return -1;
	__builtin_memcpy(slot, rec, sizeof(*slot));
	state.attached++;
	return 0;
}

static __always_inline bool is_buffer(struct dma_buf *db, struct file *file)
{
	return PEEK(TYPED, file->f_op) == (const void *)state.fops_at &&
	       PEEK(TYPED, file->private_data) == db;
}

/* Reads the attachments of a buffer. Return: one of enum list_walk_end. */
static __always_inline int read_attached(struct dmabuf_rec_buffer *rec,
					 struct dma_buf *db)
{
	int end;

	end = read_attachments(rec, NULL, db);
	state.pass = rec->pass;
	return end == READ_FULL	  ? WALK_FULL
	       : end == READ_TORN ? WALK_TORN
				  : WALK_MORE;
}

/*
 * Fills the record of a buffer, unless the buffer is being freed: then it is
 * still linked. Return: WALK_MORE when the record may count.
 */
static __always_inline int read_buffer(struct dmabuf_rec_buffer *rec,
				       struct dma_buf *db, bool simple)
{
	const char *exporter;

	if (read_numbers(rec, db, 0, TYPED))
		return WALK_MORE;
	rec->key = (u64)db;
	rec->have |= DMABUF_HAVE_ADDRESS;
	if (state.again)
		return WALK_MORE;
	/* Of the records with one address, the reader keeps the last. */
	rec->pass = ++state.pass;
	exporter = PEEK(TYPED, db->exp_name);
	if ((u64)exporter == state.last_exporter)
		rec->have |= SAME_EXPORTER;
	else
		read_exporter(rec, exporter);
	state.last_exporter = (u64)exporter;
	if (!read_name(rec, db, TYPED) && failed_names++ < NAME_TRIES)
		return WALK_NAME;
	if ((TYPED || simple) && !has_attachments(db, TYPED)) {
		rec->have |= DMABUF_HAVE_ATTACHMENTS;
		return WALK_MORE;
	}
	return simple ? WALK_ATTACHED : read_attached(rec, db);
}

/* The position of a walk: a node, the next one, and what that is part of. */
struct place {
	struct list_head *prev, *node;
	struct dma_buf *db;
	struct file *file;
};

/* Whether the buffer is at its place, and the record is of this buffer. */
static __always_inline bool is_there(const struct place *at,
				     const struct dmabuf_rec_buffer *rec)
{
	struct inode *inode = PEEK(TYPED, at->file->f_inode);

	return PEEK(TYPED, at->prev->next) == at->node &&
	       PEEK(TYPED, at->db->list_node.prev) == at->prev &&
	       PEEK(TYPED, at->db->file) == at->file &&
	       is_buffer(at->db, at->file) &&
	       (!rec->have || PEEK(TYPED, inode->i_ino) == rec->ino);
}

/**
 * step() - go on to the next node and write the record of its buffer
 * @simple: whether to stop at a buffer with attachments
 *
 * Return: one of enum list_walk_end.
 */
static __always_inline int step(bool simple)
{
	struct dmabuf_rec_buffer *rec;
	struct place at;
	int end;

	at.prev = AS(list_head, state.cursor);
	at.node = PEEK(TYPED, at.prev->next);
	at.db = AS(dma_buf, (u64)at.node - bpf_core_field_offset(struct dma_buf,
								 list_node));
	if (PEEK(TYPED, at.db->list_node.prev) != at.prev)
		return WALK_TORN;
	if ((u64)at.node == state.list_at)
		return WALK_DONE;
	at.file = PEEK(TYPED, at.db->file);
	if (!is_buffer(at.db, at.file))
		return WALK_TORN;
	rec = bpf_map_lookup_elem(&records, &state.buffers);
	if (!rec)
		return WALK_FULL;

	state.buffers++;
	end = read_buffer(rec, at.db, simple);
	/* The fields come first, then the check, which reads some of them
	 * again.
	 */
	compat_read_barrier();
	if (end == WALK_MORE && !is_there(&at, rec))
		end = WALK_TORN;
	if (end == WALK_MORE) {
		failed_names = 0;
		state.cursor = (u64)at.node;
	} else {
		rec->have = 0;
		state.last_exporter = NO_EXPORTER;
	}
	return end == WALK_NAME ? WALK_MORE : end;
}

/* Looks for a symbol unless one was found. */
#define FIND(name, address)                                                    \
	({                                                                     \
		static const char __name[] = name;                             \
		if (!*(address))                                               \
			bpf_kallsyms_lookup_name(__name, sizeof(__name), 0,    \
						 address);                     \
	})

/* For kernels since v5.16. */
RUN int find_symbols(void *ctx)
{
	FIND(SYMBOL_FOPS, &state.fops_at);
	/* A name that is missing costs most. New kernels have an iterator. */
	FIND(SYMBOL_LIST_DEBUGFS, &state.list_at);
	FIND(SYMBOL_LIST_OLD, &state.list_at);
	FIND(SYMBOL_LIST, &state.list_at);
	return 0;
}

#endif
