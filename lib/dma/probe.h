/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the machine offers; see dmabuf_dma_backend_probe(). */
#ifndef DMA_PROBE_H
#define DMA_PROBE_H

#include "core/context.h"

int dma_probe_iommu(struct dmabuf_ctx *ctx);
int dma_probe_noiommu(struct dmabuf_ctx *ctx);
int dma_probe_pagemap(struct dmabuf_ctx *ctx);

#endif
