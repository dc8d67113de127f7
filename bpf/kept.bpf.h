/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps buffers alive besides descriptors and mappings is found in other
 * files that tasks have open. One such file may keep many buffers, more than
 * an iterator's read has room for, so the records go through a ring buffer. A
 * byte into the iterator's file for each such file makes its reader look into
 * the ring before the next one; it is 1 when the file keeps more than was told.
 */
#ifndef KEPT_BPF_H
#define KEPT_BPF_H

#include "task.bpf.h"

#define RING_BYTES (1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

/*
 * The task and the file at hand, for global functions: the verifier looks at
 * these once, not once a turn of the loop they are called in.
 */
static struct {
	struct task_struct *task;
	struct file *file;
	u32 found;
	char cut;
} at SEC(".bss");

/**
 * keep() - emit what keeps a buffer
 * @db: the buffer
 * @type: one of enum dmabuf_rec_hold_type
 * @table: see struct dmabuf_rec_hold
 * @place: see there
 * @refs: see there
 */
static __always_inline void keep(struct dma_buf *db, u32 type, u64 table,
				 u64 place, u32 refs)
{
	struct dmabuf_rec_hold rec = {};

	fill_hold(&rec, db, at.task);
	rec.type = type;
	rec.table = table;
	rec.place = place;
	rec.refs = refs;
	if (bpf_ringbuf_output(&ring, &rec, sizeof(rec), BPF_RB_NO_WAKEUP))
		at.cut = 1;
	at.found++;
}

static __always_inline void begin_file(struct task_struct *task,
				       struct file *file)
{
	at.task = task;
	at.file = file;
	at.found = 0;
	at.cut = 0;
}

static __always_inline void end_file(struct bpf_iter_meta *meta)
{
	char byte = at.cut;

	if (at.found || at.cut)
		bpf_seq_write(meta->seq, &byte, sizeof(byte));
}

#endif
