/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The back ends, the best first. */
#ifndef DMA_BACKEND_H
#define DMA_BACKEND_H

#include <dmabuf/dma.h>

enum dma_backend { DMA_IOMMU, DMA_NOIOMMU, DMA_PAGEMAP };

/**
 * struct dmabuf_dma_backend - a way to give addresses to a device
 * @name: for the user
 * @probe: see dmabuf_dma_backend_probe()
 * @warning: what is not safe about it, or NULL
 * @better: what to do for a better back end, or NULL
 */
struct dmabuf_dma_backend {
	const char *name;
	int (*probe)(struct dmabuf_ctx *ctx);
	const char *warning, *better;
};

const struct dmabuf_dma_backend *dma_backend(enum dma_backend backend);

#endif
