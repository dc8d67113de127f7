// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads pieces of kernel memory that user space asks for. The reads cannot
 * fault. The program knows no types: user space finds offsets in BTF, follows
 * the pointers, and reads again what must not have changed.
 */
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi/memory.h"

char LICENSE[] SEC("license") = "GPL";

typedef __u32 u32;
typedef __u64 u64;

#define STEPS_A_TURN 32

struct memory_read reads[MEMORY_READS];
__u32 n_reads;
/*
 * The lowest address of kernel memory. v5.10 and v6.1 do not recognize some
 * non-canonical addresses on CPUs with LA57, and warn about the fault.
 */
__u64 lowest;
/* In and out: the read where the run begins, or has stopped. */
__u32 now;
/* Out: the task_struct of the reader. */
__u64 reader;
/* A piece that begins within MEMORY_BYTES has room. */
__u8 out[MEMORY_BYTES + MEMORY_PIECE_BYTES];

/*
 * The compiler removes a check of a value that it knows to be in range, but the
 * verifier needs that check.
 */
#define bounded(value, mask)                                                   \
	({                                                                     \
		u64 __value = (value);                                         \
		asm volatile("%0 &= " #mask : "+r"(__value));                  \
		__value;                                                       \
	})

/* Sets the address of the next piece of a chain. */
static __always_inline void follow(struct memory_read *read, u64 at)
{
	u64 next = *(volatile u64 *)(out + bounded(at + read->next, 0xffff));

	read->address = next - read->back;
	if (!next || next == read->stop) {
		read->end = 1;
		read->left = 0;
	}
}

/*
 * Reads one piece. This function and the next one are global, so that the
 * verifier checks each of them once. Return: 1 after the last piece.
 */
__noinline int read_piece(void)
{
	struct memory_read *read = &reads[bounded(now, 0x1ff)];
	u64 at = bounded(read->at, 0xffff);
	u32 bytes = bounded(read->bytes, 0xfff);

	if (now >= n_reads)
		return 1;
	if (read->address < lowest ||
	    bpf_probe_read_kernel(out + at, bytes, (void *)read->address)) {
		read->fault = 1;
		read->left = 0;
	} else {
		read->done++;
		read->at += bytes;
		read->left--;
		follow(read, at);
	}
	if (!read->left)
		now++;
	return 0;
}

__noinline int read_pieces(void)
{
	u32 i;

#pragma clang loop unroll(disable)
	for (i = 0; i < STEPS_A_TURN; i++)
		if (read_piece())
			return 1;
	return 0;
}

SEC("raw_tp")
int read_memory(void *ctx)
{
	u32 i;

	reader = bpf_get_current_task();
#pragma clang loop unroll(disable)
	for (i = 0; i < MEMORY_STEPS / STEPS_A_TURN; i++)
		if (read_pieces())
			break;
	return 0;
}
