/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What user space and read_memory.bpf.c share. */
#ifndef ABI_MEMORY_H
#define ABI_MEMORY_H

#include <linux/types.h>

enum {
	MEMORY_READS = 512, /* of one run */
	MEMORY_STEPS = 1024, /* pieces of one run */
	MEMORY_BYTES = 1 << 16, /* all pieces of one run */
	MEMORY_PIECE_BYTES = 4096, /* a piece, at most */
};

/**
 * struct memory_read - pieces of kernel memory, one or a chain of them
 * @address: in: of the first piece; out: of the piece after the last one read
 * @stop: the chain ends where the pointer to the next piece is this, or NULL
 * @bytes: of each piece
 * @next: offset in a piece of the pointer to the next piece
 * @back: subtracted from this pointer
 * @left: in: the number of pieces, at least 1; out: 0
 * @at: offset of the next piece in the output
 * @done: pieces read
 * @fault: a piece could not be read
 * @end: the chain has ended
 */
struct memory_read {
	__u64 address;
	__u64 stop;
	__u32 bytes;
	__u32 next;
	__u32 back;
	__u32 left;
	__u32 at;
	__u32 done;
	__u32 fault;
	__u32 end;
};

#endif
