// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory whose pages are locked, and not pinned: they stay in memory, but not
 * where they are. Source: Documentation/admin-guide/mm/pagemap.rst
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cleanup.h"
#include "dma.h"

#define PAGEMAP "/proc/self/pagemap"

static const uint64_t PRESENT = 1ULL << 63;
static const uint64_t PFN = (1ULL << 55) - 1;

static int open_pagemap(struct dmabuf_dma_device *device,
			const struct dma_facts *facts)
{
	(void)facts;
	device->iommu = open(PAGEMAP, O_RDONLY | O_CLOEXEC);
	return device->iommu < 0 ? why_set(&device->ctx->why, -errno,
					   PAGEMAP ": %s", strerror(errno))
				 : 0;
}

static int lock_memory(struct dmabuf_dma_map *map, unsigned int access)
{
	(void)access;
	if (!mlock(map->start, map->pages))
		return 0;
	return dma_why_not_mapped(map, errno == EAGAIN ? -ENOMEM : -errno);
}

static void unlock_memory(struct dmabuf_dma_map *map)
{
	(void)munlock(map->start, map->pages);
}

static int why_no_address(struct dmabuf_ctx *ctx, uint64_t entry)
{
	if (!(entry & PRESENT))
		return why_set(&ctx->why, -EFAULT,
			       PAGEMAP ": a page is not in memory");
	why_set(&ctx->why, -EPERM, PAGEMAP ": the kernel hides addresses");
	return why_cure(&ctx->why, "run as root, or give CAP_SYS_ADMIN");
}

static int pagemap_segments(struct dmabuf_dma_map *map)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct dmabuf_ctx *ctx = map->device->ctx;
	uint64_t entries[512], skip = map->offset, left = map->length, bytes;
	uint64_t at = (uintptr_t)map->start / page * sizeof(entries[0]);
	ssize_t n;
	size_t i;
	int r;

	while (left) {
		n = pread(map->device->iommu, entries, sizeof(entries),
			  (off_t)at);
		if (n < (ssize_t)sizeof(entries[0]))
			return why_set(&ctx->why, n < 0 ? -errno : -EIO,
				       PAGEMAP ": %s",
				       strerror(n < 0 ? errno : EIO));
		for (i = 0; i < (size_t)n / sizeof(entries[0]) && left; i++) {
			if (!(entries[i] & PRESENT) || !(entries[i] & PFN))
				return why_no_address(ctx, entries[i]);
			bytes = page - skip < left ? page - skip : left;
			r = dma_add_segment(
				map, (entries[i] & PFN) * page + skip, bytes);
			if (r)
				return r;
			left -= bytes;
			skip = 0;
		}
		at += i * sizeof(entries[0]);
	}
	return 0;
}

const struct dma_memory dma_pagemap = {
	.open = open_pagemap,
	.map = lock_memory,
	.segments = pagemap_segments,
	.unmap = unlock_memory,
};
