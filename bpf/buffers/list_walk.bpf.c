// SPDX-License-Identifier: GPL-2.0-only
/* The walk for any kernel: each read is a call of bpf_probe_read_kernel(). */
/* The verifier checks each turn of the loop, which takes as long as a run. */
#define RUN_NODES 64
#include "buffers/list_walk.bpf.h"

/*
 * Global, not static: the verifier checks it once, not once a turn of the loop.
 * Otherwise v5.10 would refuse a loop of this length.
 */
__noinline int step_full(void)
{
	return step(false);
}

SEC("raw_tp")
int walk_full(void *ctx)
{
	int i, end = WALK_MORE;

	for (i = 0; i < RUN_NODES && end == WALK_MORE; i++)
		end = step_full();
	return end;
}

__noinline int step_simple(void)
{
	return step(true);
}

/*
 * The same, up to a buffer with attachments. The verifier needs a fraction of
 * the time.
 */
SEC("raw_tp")
int walk_simple(void *ctx)
{
	int i, end = WALK_MORE;

	for (i = 0; i < RUN_NODES && end == WALK_MORE; i++)
		end = step_simple();
	return end;
}
