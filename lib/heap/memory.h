/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether there is memory for a buffer, and why there is none. */
#ifndef HEAP_MEMORY_H
#define HEAP_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

/* Writes a size in MiB if it is a multiple of one, else in KiB. */
void heap_say_bytes(uint64_t bytes, char *to, size_t size);

/*
 * Checks that the machine has @bytes of memory at all. Return: 0, or -ENOMEM
 * with the reason in @ctx->error.
 */
int heap_check_memory(struct dmabuf_ctx *ctx, uint64_t bytes);

/*
 * Sets why the heap @node gave no buffer of @bytes when the kernel said @err:
 * for a CMA region, what it has instead. Return: @err.
 */
int heap_why_no_buffer(struct dmabuf_ctx *ctx, const char *node, uint64_t bytes,
		       int err);

#endif
