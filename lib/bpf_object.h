/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What loading and running a BPF object needs besides its skeleton. */
#ifndef LIB_BPF_OBJECT_H
#define LIB_BPF_OBJECT_H

#include <bpf/libbpf.h>

#include "ctx.h"

/* The verifier's last words, and whether to try at all. */
struct bpf_object_log {
	char text[16 * 1024];
	struct bpf_object_open_opts opts;
};

/*
 * Fills @log->opts for the skeleton's open call. Return: 0, or -EOPNOTSUPP
 * when @ctx looks at a recorded tree, which has no kernel to ask.
 */
int bpf_object_log_init(struct dmabuf_ctx *ctx, struct bpf_object_log *log);

/*
 * Says why an object was not loaded. @err is the negative errno of the load;
 * @needs a function or NULL, without which the kernel lacks @feature.
 *
 * Return: a negative errno, the reason in @ctx->why.
 */
int bpf_object_why(struct dmabuf_ctx *ctx, int err,
		   const struct bpf_object_log *log, const char *needs,
		   const char *feature);

/* Return: whether the kernel's BTF has a function of this name. */
bool bpf_object_kernel_has(const char *function);

/*
 * Runs a program once. Return: what it returned, or -errno with the reason in
 * @ctx->why.
 */
int bpf_object_run(struct dmabuf_ctx *ctx, const struct bpf_program *program);

/* For ring_buffer__new(): adds a record to the snapshot that is its context. */
int bpf_object_add_record(void *snapshot, void *data, size_t size);

/*
 * Adds all records that are in a ring buffer. Return: 0, or -errno with the
 * reason in @ctx->why.
 */
int bpf_object_drain(struct dmabuf_ctx *ctx, struct ring_buffer *ring);

#endif
