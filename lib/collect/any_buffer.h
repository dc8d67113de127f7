/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COLLECT_ANY_BUFFER_H
#define COLLECT_ANY_BUFFER_H

#include "core/context.h"

/*
 * Opens any buffer for a moment: one that a process has open, or a new one of a
 * page, from a heap or from memory of this process. Return: a descriptor, or
 * -EOPNOTSUPP with the reason in @ctx->error.
 *
 * Ownership: the caller closes the descriptor, at once: until then the buffer
 * has one reference more, and a new one is in everybody's lists.
 */
int any_buffer_open(struct dmabuf_ctx *ctx);

#endif
