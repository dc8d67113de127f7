/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps buffers alive besides descriptors and mappings is found in other
 * files that tasks have open. One such file may keep many buffers, more than
 * an iterator's read has room for, so the records go through a ring buffer. A
 * byte into the iterator's file for each such file makes its reader look into
 * the ring before the next one; it is 1 when the file keeps more than was told.
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
 * What keep() shall look at, for as long as it is the same file: a global
 * function, since the verifier looks at it once, not once a turn of the loop
 * it is called in.
 */
static struct {
	struct file *file;
	u64 table, place;
	u32 type, refs;
	u32 found;
	char cut;
} at SEC(".bss");

/**
 * keep() - emit what keeps a buffer, if it is a buffer that at.file is of
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

/* What a turn returns: the verifier must see that it is 0 or 1. */
static __always_inline long is_last(int r)
{
	asm volatile("" : "+r"(r));
	return r != 0;
}

/*
 * Calls turn(i, NULL) for each i below n until it returns other than 0. Of a
 * bpf_loop(), which kernels since v5.17 have, the verifier looks at one turn;
 * of a loop at each. Programs are there in both ways, and the loader takes one:
 * those that end in _bounded are for kernels without.
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
