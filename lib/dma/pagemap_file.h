/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DMA_PAGEMAP_FILE_H
#define DMA_PAGEMAP_FILE_H

#include "core/context.h"

#define PAGEMAP_PATH "/proc/self/pagemap"

/*
 * Opens the pagemap of this process, and checks that the kernel shows addresses
 * there. Return: a file descriptor, or -errno with the reason in @ctx->error.
 */
int pagemap_file_open(struct dmabuf_ctx *ctx);

/* Return: the number of the page frame in an entry; 0 when it has none. */
uint64_t pagemap_file_frame(uint64_t entry);

#endif
