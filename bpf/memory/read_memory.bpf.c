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

#define STEPS_A_TURN 8

struct memory_run run;

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

/* Keeps an address in a register. Else each use would compute it again. */
#define kept(pointer)                                                          \
	({                                                                     \
		typeof(pointer) __pointer = (pointer);                         \
		asm volatile("" : "+r"(__pointer));                            \
		__pointer;                                                     \
	})

/*
 * Reads one piece. This function and the next one are global, so that the
 * verifier checks each of them once. A chain that goes on with NULL ends at the
 * next piece, which cannot be read. Return: 1 after the last piece.
 */
__noinline int read_piece(void)
{
	struct memory_run *r = kept(&run);
	u32 now = r->now;
	struct memory_read *read;
	u64 address;

	if (now >= r->end)
		return 1;
	r->now = now + sizeof(*read);
	read = kept((void *)r->reads + bounded(now, 0x1fe0));
	address = read->address;
	if (address < r->lowest ||
	    bpf_probe_read_kernel(r->out + bounded(read->at, 0x3fff),
				  bounded(read->bytes, 0xfff), (void *)address))
		return 0;
	address = *(u64 *)(r->out + bounded(read->at + read->next, 0x3fff));
	read->address = address;
	read->at += read->bytes;
	if (--read->left && address != read->stop)
		r->now -= sizeof(*read);
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

	run.reader = bpf_get_current_task();
#pragma clang loop unroll(disable)
	for (i = 0; i < MEMORY_STEPS / STEPS_A_TURN; i++)
		if (read_pieces())
			break;
	return 0;
}
