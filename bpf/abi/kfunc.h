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
 * The same for types: a program passes such a number to bpf_rdonly_cast(). The
 * loader replaces it by the kernel's own number of the struct.
 */
enum ktype {
	KTYPE_FIRST = 0x64630000,
	KTYPE_ATTACHMENT = KTYPE_FIRST,
	KTYPE_DMA_BUF,
	KTYPE_FILE,
	KTYPE_LIST_HEAD,
	KTYPE_SOCKET,
	KTYPE_TASK,
	KTYPE_END,
};

#endif
