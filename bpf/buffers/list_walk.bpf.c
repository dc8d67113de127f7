// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks the kernel's own list of buffers, on a kernel without an iterator.
 *
 * We hold neither the list's mutex nor a reference. What makes the answer
 * right all the same:
 *
 * - Every read goes through bpf_probe_read_kernel(), which cannot fault.
 * - A step from one node to the next counts only when both point at each other
 *   and the node is a buffer (its file has the buffers' file_operations and
 *   points back at it), before and after its fields were read. A buffer that
 *   went away in between fails that, and the walk starts over.
 * - The kernel adds buffers at the front (list_add(), in v5.10 to v7.3) and we
 *   walk from the front. So when the buffer we stand on is freed and its
 *   memory becomes a new buffer, the walk goes on from the front again: it
 *   sees buffers twice, which the reader sorts out, but never jumps over one.
 *
 * A walk is cut into short runs, since a run cannot be preempted.
 */
#define ATTACHMENTS_MAX 256
#define RUNS_ALONE
#include "abi/list_walk.h"
#include "common/read_buffer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * In: addresses of the list and of the buffers' file_operations. They are in
 * kallsyms, not in BTF: find_symbols() searches it, or the loader on a kernel
 * without such a call. A kernel has at most one of the names of the list.
 */
u64 list_at, fops_at;

#define RUN_NODES  512
#define RING_BYTES (1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

/* In and out: the current node of the walk, 0 for the head. */
u64 cursor;
/* The current record. */
static struct dmabuf_rec_buffer rec SEC(".bss");
/* Increases over all runs, so that each reading has its own number. */
static u32 pass;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	return bpf_ringbuf_output(&ring, rec, size, BPF_RB_NO_WAKEUP);
}

static __always_inline bool is_buffer(struct dma_buf *db, struct file *file)
{
	return BPF_CORE_READ(file, f_op) == (const void *)fops_at &&
	       BPF_CORE_READ(file, private_data) == db;
}

/**
 * step() - go on to the next node and emit its buffer
 *
 * Global, not static: the verifier checks it once, not once a turn of the loop.
 * Otherwise v5.10 would refuse a loop of this length.
 *
 * Return: one of enum list_walk_end.
 */
__noinline int step(void)
{
	struct list_head *head = (void *)list_at, *prev, *node;
	struct dma_buf *db;
	struct file *file;
	int end;

	prev = cursor ? (struct list_head *)cursor : head;
	node = LIST_NEXT(prev);
	if (!node || !linked(prev, node))
		return WALK_TORN;
	if (node == head)
		return WALK_DONE;

	db = (void *)node - bpf_core_field_offset(struct dma_buf, list_node);
	file = BPF_CORE_READ(db, file);
	if (!is_buffer(db, file))
		return WALK_TORN;

	__builtin_memset(&rec, 0, sizeof(rec));
	/* A buffer that is being freed is still linked: skip it. */
	if (!read_fields(&rec, db, 0, false)) {
		read_name_often(&rec, db, false);
		rec.key = (u64)db;
		rec.have |= DMABUF_HAVE_ADDRESS;
		rec.pass = pass;
		end = read_attachments(&rec, NULL, db);
		pass = rec.pass;
		if (end == READ_FULL)
			return WALK_FULL;
		if (end == READ_TORN)
			return WALK_TORN;
	}

	if (!linked(prev, node) || BPF_CORE_READ(db, file) != file ||
	    !is_buffer(db, file) ||
	    (rec.have && BPF_CORE_READ(file, f_inode, i_ino) != rec.ino))
		return WALK_TORN;
	if (rec.have && emit(NULL, &rec, sizeof(rec)))
		return WALK_FULL;

	cursor = (u64)node;
	return WALK_MORE;
}

SEC("raw_tp")
int walk(void *ctx)
{
	int i, end = WALK_MORE;

	for (i = 0; i < RUN_NODES && end == WALK_MORE; i++)
		end = step();
	return end;
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
	FIND(SYMBOL_FOPS, &fops_at);
	FIND(SYMBOL_LIST, &list_at);
	FIND(SYMBOL_LIST_DEBUGFS, &list_at);
	FIND(SYMBOL_LIST_OLD, &list_at);
	return 0;
}
