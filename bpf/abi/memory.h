/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What user space and read_memory.bpf.c share. */
#ifndef ABI_MEMORY_H
#define ABI_MEMORY_H

#include <linux/types.h>

enum {
	MEMORY_READS = 256, /* of one run */
	MEMORY_STEPS = 64, /* pieces of one run */
	MEMORY_BYTES = 1 << 14, /* all pieces of one run */
	MEMORY_PIECE_BYTES = 4096, /* a piece has fewer */
};

/**
 * struct memory_read - pieces of kernel memory, one or a chain of them
 * @address: in: of the first piece; out: of the piece after the last one read
 * @stop: the chain ends where the pointer to the next piece is this
 * @bytes: of each piece
 * @next: offset in a piece of the pointer to the next piece
 * @left: in: the number of pieces, at least 1; out: those that were not read,
 *	because the chain has ended or a piece could not be read
 * @at: offset of the next piece in the output
 */
struct memory_read {
	__u64 address;
	__u64 stop;
	__u32 bytes;
	__u32 next;
	__u32 left;
	__u32 at;
};

/**
 * struct memory_run - a run of the program
 * @lowest: see kernel_lowest_address()
 * @reader: out: the task_struct of the reader
 * @end: size of the @reads that are wanted
 * @now: in and out: offset in @reads where the run begins, or has stopped
 * @reads: the reads
 * @out: the pieces; one that begins within MEMORY_BYTES has room
 */
struct memory_run {
	__u64 lowest;
	__u64 reader;
	__u32 end;
	__u32 now;
	struct memory_read reads[MEMORY_READS];
	__u8 out[MEMORY_BYTES + MEMORY_PIECE_BYTES];
};

#endif
