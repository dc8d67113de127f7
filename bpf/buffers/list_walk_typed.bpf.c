// SPDX-License-Identifier: GPL-2.0-only
/* The walk with typed reads, which takes an eighth of the time. */
#define HAS_LOOP
#define TYPED true
#include "buffers/list_walk.bpf.h"

static long step_full(u32 i, void *end)
{
	return (*(int *)end = step(false)) != WALK_MORE;
}

RUN int walk_full(void *ctx)
{
	int end = WALK_MORE;

	bpf_loop(RUN_NODES, step_full, &end, 0);
	return end;
}

static long step_simple(u32 i, void *end)
{
	return (*(int *)end = step(true)) != WALK_MORE;
}

/*
 * The same, up to a buffer with attachments. It is a third of the program, and
 * the verifier needs a third of the time.
 */
RUN int walk_simple(void *ctx)
{
	int end = WALK_MORE;

	bpf_loop(RUN_NODES, step_simple, &end, 0);
	return end;
}
