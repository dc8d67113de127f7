// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs for the kernel's iterators. Each one writes the addresses of the
 * objects, which walk_vs_iter.c compares with those of a walk. A kernel does
 * not have all of the iterators, so walk_vs_iter.c loads one program at a time.
 */
#include "common/compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* bpf_iter__dmabuf is in compat.bpf.h. */
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	void *task;
} core;

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	void *map;
} core;

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	void *prog;
} core;

struct bpf_iter__bpf_link {
	struct bpf_iter_meta *meta;
	void *link;
} core;

struct bpf_iter__kmem_cache {
	struct bpf_iter_meta *meta;
	void *s;
} core;

/* At the end an iterator calls its program once more with NULL. */
#define WRITE_ADDRESS(kind, object)                                            \
	SEC("iter/" #kind)                                                     \
	int write_##kind(struct bpf_iter__##kind *ctx)                         \
	{                                                                      \
		u64 address = (u64)ctx->object;                                \
                                                                               \
		if (address)                                                   \
			bpf_seq_write(ctx->meta->seq, &address,                \
				      sizeof(address));                        \
		return 0;                                                      \
	}

WRITE_ADDRESS(task, task)
WRITE_ADDRESS(bpf_map, map)
WRITE_ADDRESS(bpf_prog, prog)
WRITE_ADDRESS(bpf_link, link)
WRITE_ADDRESS(kmem_cache, s)
WRITE_ADDRESS(dmabuf, dmabuf)
