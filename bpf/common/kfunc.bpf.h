/* SPDX-License-Identifier: GPL-2.0-only */
/* Iterators and kernel functions, marked for our own loader. */
#ifndef COMMON_KFUNC_BPF_H
#define COMMON_KFUNC_BPF_H

#include "abi/kfunc.h"
#define ITER(target) SEC("dmabuf.iter/" target)
#define RUN	     SEC("dmabuf.run")
static int (*const bpf_iter_dmabuf_new)(struct bpf_iter_dmabuf *it) = (void *)
	KFUNC_ITER_DMABUF_NEW;
static struct dma_buf *(*const bpf_iter_dmabuf_next)(
	struct bpf_iter_dmabuf *it) = (void *)KFUNC_ITER_DMABUF_NEXT;
static void (*const bpf_iter_dmabuf_destroy)(struct bpf_iter_dmabuf *it) =
	(void *)KFUNC_ITER_DMABUF_DESTROY;
static void *(*const bpf_rdonly_cast)(const void *at,
				      u32 type) = (void *)KFUNC_RDONLY_CAST;

/*
 * An address as a pointer of a type that the verifier knows, so that memory is
 * read without a call. Such a read cannot fault.
 */
#define CAST(type, at)                                                         \
	((struct type *)bpf_rdonly_cast((const void *)(at), KTYPE_##type))

/*
 * Makes a pointer to a struct one that the verifier does not trust. From v6.13
 * to v6.19 it searches all of the kernel's BTF for names at each pointer that
 * is read through a trusted one. Elsewhere the loader removes this: a call, or
 * another pointer, would make the verifier of v7.3 check the loop once more.
 */
#define DISTRUST(pointer, type)                                                \
	asm volatile("r1 = %0\n"                                               \
		     "w2 = %1\n"                                               \
		     "call %2\n"                                               \
		     "%0 = r0\n"                                               \
		     : "+r"(pointer)                                           \
		     : "i"(KTYPE_##type), "i"(KFUNC_DISTRUST)                  \
		     : "r0", "r1", "r2", "r3", "r4", "r5", "memory")

#endif
