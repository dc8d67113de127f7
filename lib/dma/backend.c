// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/backend.h"

#include <errno.h>

#include "core/context.h"
#include "dma/probe.h"
#include "util/array.h"

static const struct dmabuf_dma_backend backends[] = {
	[DMA_IOMMU] = { .name = "iommu", .probe = dma_probe_iommu },
	[DMA_NOIOMMU] = {
		.name = "noiommu",
		.probe = dma_probe_noiommu,
		.warning = "no IOMMU: the device can write to all memory, the "
			   "kernel's included",
		.better = "enable the IOMMU in the firmware, and boot with "
			  "intel_iommu=on or the like",
	},
	[DMA_PAGEMAP] = {
		.name = "pagemap",
		.probe = dma_probe_pagemap,
		.warning = "nothing is pinned: the kernel may move a page "
			   "while the device writes to its old place, and the "
			   "device can write to all memory",
		.better = "a kernel with IOMMU_IOAS_NOIOMMU_GET_PA (7.3, or "
			  "our patches), or an IOMMU",
	},
};

const struct dmabuf_dma_backend *dma_backend(enum dma_backend backend)
{
	return &backends[backend];
}

const struct dmabuf_dma_backend *dmabuf_dma_backend_next(
	const struct dmabuf_dma_backend *prev)
{
	const struct dmabuf_dma_backend *next = prev ? prev + 1 : backends;

	return next < backends + ARRAY_SIZE(backends) ? next : NULL;
}

const char *dmabuf_dma_backend_name(const struct dmabuf_dma_backend *backend)
{
	return backend->name;
}

int dmabuf_dma_backend_probe(struct dmabuf_ctx *ctx,
			     const struct dmabuf_dma_backend *backend)
{
	ctx->error = (struct dmabuf_error){};
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no devices");
	return backend->probe(ctx);
}
