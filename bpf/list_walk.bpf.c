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
#include "read_buffer.bpf.h"
#include "list_walk.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * The list, under the name of each kernel. Data symbols are not in BTF, so
 * they come from /proc/kallsyms, as addresses without a type.
 *
 * v5.10, v6.1: db_list, a struct dma_buf_list that begins with the list_head.
 * (Its type is not named here: where a kernel has no such type libbpf looks for
 * it in the BTF of modules, which takes CAP_SYS_ADMIN.) v6.12: debugfs_list.
 * Since Linux kernel commit 89f9dba365e1 ("dma-buf: Rename debugfs symbols")
 * (in v6.16): dmabuf_list.
 */
extern const void dmabuf_list __ksym __weak;
extern const void debugfs_list __ksym __weak;
extern const void db_list __ksym __weak;
extern const void dma_buf_fops __ksym __weak;

#define RUN_NODES  512
#define RING_BYTES (1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

/* In and out: the node the walk stands on, 0 for the head. */
u64 cursor;
/* Counts up over all runs, so that no two readings share a number. */
static u32 pass;

static __always_inline long emit(void *to, void *rec, u32 size)
{
	return bpf_ringbuf_output(&ring, rec, size, BPF_RB_NO_WAKEUP);
}

static __always_inline struct list_head *list_address(void)
{
	if (&dmabuf_list)
		return (struct list_head *)&dmabuf_list;
	if (&debugfs_list)
		return (struct list_head *)&debugfs_list;
	return (struct list_head *)&db_list;
}

static __always_inline bool is_buffer(struct dma_buf *db, struct file *file)
{
	return BPF_CORE_READ(file, f_op) == (const void *)&dma_buf_fops &&
	       BPF_CORE_READ(file, private_data) == db;
}

/**
 * step() - go on to the next node and emit its buffer
 *
 * Global, not static: the verifier looks at it once, not once a turn of the
 * loop, which is what lets v5.10 take a loop of this length.
 *
 * Return: one of enum list_walk_end.
 */
__noinline int step(void)
{
	struct dmabuf_rec_buffer rec = {};
	struct list_head *head = list_address(), *prev, *node;
	struct dma_buf *db;
	struct file *file;
	int end;

	if (!head || !&dma_buf_fops)
		return WALK_BLIND;

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

	/* One that is being freed is still linked; it is no buffer any more. */
	if (!read_fields(&rec, db, 0)) {
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
