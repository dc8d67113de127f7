/* SPDX-License-Identifier: GPL-2.0-only */
/* What bpftool adds to vmlinux.h for kfuncs that the BTF marks as such. */

extern int bpf_iter_dmabuf_new(struct bpf_iter_dmabuf *it)
	__attribute__((weak, section(".ksyms")));
extern struct dma_buf *bpf_iter_dmabuf_next(struct bpf_iter_dmabuf *it)
	__attribute__((weak, section(".ksyms")));
extern void bpf_iter_dmabuf_destroy(struct bpf_iter_dmabuf *it)
	__attribute__((weak, section(".ksyms")));
