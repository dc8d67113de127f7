/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other files of tasks keep buffers alive, without a descriptor or mapping of
 * the buffer. One such file may keep more buffers than fit into a read of the
 * iterator, so the records go through a ring buffer. For each such file one
 * byte goes into the iterator's file, so that the reader drains the ring before
 * the next file. The byte is 1 when the file keeps more buffers than were
 * recorded.
 */
#ifndef COMMON_INDIRECT_BPF_H
#define COMMON_INDIRECT_BPF_H

#include "common/task.bpf.h"

#define RING_BYTES (1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

/*
 * The arguments of keep() for the current file. keep() is a global function,
 * which the verifier checks once, and not in each turn of a loop.
 */
static struct {
	struct file *file;
	u64 table, place;
	u32 type, refs;
	u32 found;
	char cut;
} at SEC(".bss");

/**
 * keep() - emit a record if at.file is a dma-buf
 *
 * Return: 0
 */
__noinline int keep(void)
{
	struct dma_buf *db = at.file ? file_buffer(at.file, false) : NULL;

	if (!db)
		return 0;
	hold_buffer(db, at.file, false, at.type, at.table, at.place, at.refs);
	if (bpf_ringbuf_output(&ring, &ref, sizeof(ref), BPF_RB_NO_WAKEUP))
		at.cut = 1;
	at.found++;
	return 0;
}

static __always_inline void begin_file(struct bpf_iter_meta *meta,
				       struct task_struct *task)
{
	ref_of(meta, task);
	at.found = 0;
	at.cut = 0;
}

static __always_inline int end_file(struct bpf_iter_meta *meta)
{
	char byte = at.cut;

	if (at.found || at.cut)
		bpf_seq_write(meta->seq, &byte, sizeof(byte));
	return 0;
}

/* Makes the return value of a turn: the verifier must see that it is 0 or 1. */
static __always_inline long is_last(int r)
{
	asm volatile("" : "+r"(r));
	return r != 0;
}

/*
 * Calls turn(i, NULL) for each i below n until it returns a value other than 0.
 * The verifier checks one turn of bpf_loop() (since v5.17), but every turn of a
 * loop. Each program exists in both forms, and the loader picks one: a name
 * that ends in _bounded is for kernels without bpf_loop().
 */
#define REPEAT(bounded, n, turn)                                               \
	({                                                                     \
		u32 __i;                                                       \
		if (!(bounded))                                                \
			bpf_loop(n, turn, NULL, 0);                            \
		else                                                           \
			for (__i = 0; __i < (n); __i++)                        \
				if (turn(__i, NULL))                           \
					break;                                 \
	})

#endif
