/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device nodes. */
#ifndef DMA_NODE_H
#define DMA_NODE_H

#include "core/context.h"

/* Opens a node for reading and writing. Return: it, or -errno with the reason
 * in @ctx->error. */
int dma_open_node(struct dmabuf_ctx *ctx, const char *path);

/* Calls ioctl(2), again after a signal. Return: its result >= 0, or -errno. */
int dma_ioctl(int fd, unsigned long request, void *argument);

#endif
