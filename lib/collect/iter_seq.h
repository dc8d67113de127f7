/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classic iterator as records, for the collector and for pinning. */
#ifndef COLLECT_ITER_SEQ_H
#define COLLECT_ITER_SEQ_H

#include <bpf/libbpf.h>

#include "bpf/object.h"
#include "core/context.h"
#include "snapshot/snapshot.h"

/* The function in the BTF of a kernel that has iter/dmabuf. */
#define ITER_DMABUF_FUNCTION "bpf_iter_dmabuf"
#define ITER_DMABUF_FEATURE                                                    \
	"dma-buf iterator, iter/dmabuf (mainline has it since 6.16, our "      \
	"patches bring it to 5.10, 6.1 and 6.12)"

/*
 * Attaches the iterator @skeleton->only of an object of bpf_object_load(), and
 * destroys the object: the link keeps the program. Return: 0, or -errno with
 * the reason in @ctx->error.
 */
int iter_attach(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		void *object, struct bpf_link **ret);

/*
 * Loads the program and attaches it, for readers who may not know kernel
 * addresses. Return: as above.
 */
int iter_seq_link(struct dmabuf_ctx *ctx, struct bpf_link **ret);

/*
 * Reads all records into @snapshot, and tests whether the kernel truncates
 * them: this is -ENODATA, or a gap when @forced. Return: 0, or -errno with the
 * reason in @ctx->error.
 */
int iter_seq_read(struct dmabuf_ctx *ctx, struct bpf_link *link, bool forced,
		  struct dmabuf_snapshot *snapshot);

#endif
