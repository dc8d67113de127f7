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
	KFUNC_END,
};

#endif
