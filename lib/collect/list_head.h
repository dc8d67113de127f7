/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's list of buffers, found without a symbol of it. */
#ifndef COLLECT_LIST_HEAD_H
#define COLLECT_LIST_HEAD_H

#include <stdint.h>

#include "core/context.h"

/* Addresses: of the list's head, and of the file_operations of buffers. */
struct list_place {
	uint64_t head, fops;
};

/*
 * Finds the list on a kernel without symbols of data. Return: 0, or -errno with
 * the reason in @ctx->error: -EOPNOTSUPP when there is no buffer to begin at.
 */
int list_head_find(struct dmabuf_ctx *ctx, struct list_place *ret);

#endif
