// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the open-coded iterator for more when it has said that there is none.
 * The verifier takes each of these answers for NULL, so that any other one is
 * a kernel pointer in the hands of a program that may do with it as it likes.
 */
#include "common/compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define TIMES 4

/* Out: how many buffers there are, and what came after the last. */
u64 buffers;
u64 more[TIMES];

SEC("syscall")
int ask_past_end(void *ctx)
{
	struct bpf_iter_dmabuf it;
	int i;

	buffers = 0;
	bpf_iter_dmabuf_new(&it);
	while (bpf_iter_dmabuf_next(&it))
		buffers++;
#pragma unroll
	for (i = 0; i < TIMES; i++)
		more[i] = (u64)bpf_iter_dmabuf_next(&it);
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}
