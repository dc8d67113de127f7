/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads arrays that BPF programs fill, BPF_F_MMAPABLE, where they are. */
#ifndef BPF_ARRAY_H
#define BPF_ARRAY_H

#include <bpf/libbpf.h>

#include "core/error.h"

/*
 * Takes the next @n elements of an array: they are at @first and may be
 * changed. @to: from the caller. Return: 0 or -errno.
 */
typedef int (*bpf_array_take)(void *first, size_t n, void *to);

/*
 * Passes the first @n elements of @array to @take, in order and in pieces, so
 * that an array of any size needs little memory of the process. Return: 0, what
 * @take returns, or another -errno; the reason in @error.
 */
int bpf_array_read(const struct bpf_map *array, size_t n, bpf_array_take take,
		   void *to, struct dmabuf_error *error);

#endif
