/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What loading a BPF object needs besides its skeleton. */
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

#endif
