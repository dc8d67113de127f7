/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef ABI_KFUNC_H
#define ABI_KFUNC_H

/*
 * Our programs call kernel functions as if they were helpers with these
 * numbers. The loader replaces each number by the kernel's own number of the
 * function.
 */
enum kfunc {
	KFUNC_FIRST = 0x64620000,
	KFUNC_ITER_DMABUF_NEW = KFUNC_FIRST,
	KFUNC_ITER_DMABUF_NEXT,
	KFUNC_ITER_DMABUF_DESTROY,
	KFUNC_RDONLY_CAST,
	/* See DISTRUST() in bpf/common/kfunc.bpf.h. */
	KFUNC_DISTRUST,
	KFUNC_END,
};

/*
 * The same for structs: a program passes such a number to bpf_rdonly_cast().
 * The loader replaces it by the kernel's own number of the struct.
 */
#define KTYPES(X)                                                              \
	X(dma_buf)                                                             \
	X(dma_buf_attachment)                                                  \
	X(file)                                                                \
	X(list_head)                                                           \
	X(rb_node)                                                             \
	X(socket)                                                              \
	X(task_struct)

#define KTYPE_NUMBER(name) KTYPE_##name,

enum ktype {
	KTYPE_BEFORE = 0x64630000,
	KTYPES(KTYPE_NUMBER) KTYPE_END,
};

#endif
