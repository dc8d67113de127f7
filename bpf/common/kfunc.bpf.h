/* SPDX-License-Identifier: GPL-2.0-only */
/* Iterators and kernel functions, marked for our own loader. */
#ifndef COMMON_KFUNC_BPF_H
#define COMMON_KFUNC_BPF_H

#include "abi/kfunc.h"
#define ITER(target) SEC("dmabuf.iter/" target)
static int (*const bpf_iter_dmabuf_new)(struct bpf_iter_dmabuf *it) = (void *)
	KFUNC_ITER_DMABUF_NEW;
static struct dma_buf *(*const bpf_iter_dmabuf_next)(
	struct bpf_iter_dmabuf *it) = (void *)KFUNC_ITER_DMABUF_NEXT;
static void (*const bpf_iter_dmabuf_destroy)(struct bpf_iter_dmabuf *it) =
	(void *)KFUNC_ITER_DMABUF_DESTROY;

#endif
