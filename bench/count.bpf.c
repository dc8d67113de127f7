// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimum cost of reading every buffer: the open-coded iterator in a loop
 * that only counts. It shares no code with the programs that are compared
 * with it.
 */
#include "common/compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

SEC("syscall")
int count_buffers(void *ctx)
{
	struct bpf_iter_dmabuf it;
	int n = 0;

	bpf_iter_dmabuf_new(&it);
	while (bpf_iter_dmabuf_next(&it))
		n++;
	bpf_iter_dmabuf_destroy(&it);
	return n;
}
