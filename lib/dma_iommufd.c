// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory of an iommufd. With an IOMMU the addresses are IOVAs; without one an
 * IOVA is a name, for which the kernel tells where the memory is.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "dma.h"
#include "dma_abi.h"

#define IOMMUFD "/dev/iommu"

static int alloc_ioas(struct dmabuf_dma_device *device)
{
	struct abi_ioas_alloc alloc = { .size = sizeof(alloc) };
	int fd, r;

	fd = dma_open_node(device->ctx, IOMMUFD);
	if (fd < 0)
		return fd;
	device->iommu = fd;
	r = dma_ioctl(fd, ABI_IOAS_ALLOC, &alloc);
	if (r < 0)
		return why_set(&device->ctx->why, r, IOMMUFD ": no IOAS: %s",
			       strerror(-r));
	device->ioas = alloc.out_ioas_id;
	return 0;
}

/* With the IOMMU, where the device can address. */
static int open_iommu(struct dmabuf_dma_device *device,
		      const struct dma_facts *facts)
{
	struct abi_iova_range range = { .last = device->last };
	struct abi_ioas_allow_iovas allow = {
		.size = sizeof(allow),
		.num_iovas = 1,
		.allowed_iovas = (uintptr_t)&range,
	};
	int r;

	(void)facts;
	r = alloc_ioas(device);
	if (r || device->last == UINT64_MAX)
		return r;
	allow.ioas_id = device->ioas;
	r = dma_ioctl(device->iommu, ABI_IOAS_ALLOW_IOVAS, &allow);
	return r < 0 ? why_set(&device->ctx->why, r,
			       "%s: no IOVAs that it can address: %s",
			       device->address, strerror(-r))
		     : 0;
}

static int open_noiommu(struct dmabuf_dma_device *device,
			const struct dma_facts *facts)
{
	(void)facts;
	return alloc_ioas(device);
}

static uint32_t map_flags(unsigned int access)
{
	return ABI_MAP_READABLE |
	       (access & DMABUF_DMA_WRITES ? ABI_MAP_WRITEABLE : 0);
}

static int map_memory(struct dmabuf_dma_map *map, unsigned int access)
{
	struct abi_ioas_map ioas_map = {
		.size = sizeof(ioas_map),
		.flags = map_flags(access),
		.ioas_id = map->device->ioas,
		.user_va = (uintptr_t)map->start,
		.length = map->pages,
	};
	int r;

	r = dma_ioctl(map->device->iommu, ABI_IOAS_MAP, &ioas_map);
	if (r < 0)
		return dma_why_not_mapped(map, r);
	map->iova = ioas_map.iova;
	return 0;
}

static int map_file(struct dmabuf_dma_map *map, int fd, uint64_t offset,
		    unsigned int access)
{
	struct abi_ioas_map_file ioas_map = {
		.size = sizeof(ioas_map),
		.flags = map_flags(access),
		.ioas_id = map->device->ioas,
		.fd = fd,
		.start = offset,
		.length = map->pages,
	};
	int r;

	r = dma_ioctl(map->device->iommu, ABI_IOAS_MAP_FILE, &ioas_map);
	switch (r) {
	/* No such ioctl, or not this kind of file. */
	case -ENOTTY:
	case -EINVAL:
	case -EBADFD:
	case -EOPNOTSUPP:
		return -EOPNOTSUPP;
	default:
		map->iova = ioas_map.iova;
		return r < 0 ? dma_why_not_mapped(map, r) : 0;
	}
}

static void unmap(struct dmabuf_dma_map *map)
{
	struct abi_ioas_unmap ioas_unmap = {
		.size = sizeof(ioas_unmap),
		.ioas_id = map->device->ioas,
		.iova = map->iova,
		.length = map->pages,
	};

	(void)dma_ioctl(map->device->iommu, ABI_IOAS_UNMAP, &ioas_unmap);
}

static int iova_segment(struct dmabuf_dma_map *map)
{
	return dma_add_segment(map, map->iova + map->offset, map->length);
}

static int why_no_pa(struct dmabuf_dma_map *map, int err)
{
	struct dmabuf_why *why = &map->device->ctx->why;

	why_set(why, err, "%s: the kernel does not tell addresses: %s",
		map->device->address, strerror(-err));
	switch (err) {
	case -EPERM:
		return why_cure(why, "run as root, or give CAP_SYS_RAWIO");
	case -ENOTTY:
		return why_cure(why, "a kernel with IOMMU_IOAS_NOIOMMU_GET_PA: "
				     "7.3, or our patches");
	default:
		return err;
	}
}

static int physical_segments(struct dmabuf_dma_map *map)
{
	struct abi_ioas_get_pa run = {
		.size = sizeof(run),
		.ioas_id = map->device->ioas,
		.iova = map->iova + map->offset,
	};
	uint64_t left = map->length;
	int r;

	for (; left; left -= run.length, run.iova += run.length) {
		run.length = left;
		r = dma_ioctl(map->device->iommu, ABI_IOAS_GET_PA, &run);
		if (r < 0)
			return why_no_pa(map, r);
		if (!run.length || run.length > left)
			return why_no_pa(map, -EPROTO);
		r = dma_add_segment(map, run.out_phys, run.length);
		if (r)
			return r;
	}
	return 0;
}

const struct dma_memory dma_iommufd = {
	.open = open_iommu,
	.map = map_memory,
	.map_file = map_file,
	.segments = iova_segment,
	.unmap = unmap,
};

const struct dma_memory dma_iommufd_noiommu = {
	.open = open_noiommu,
	.map = map_memory,
	.map_file = map_file,
	.segments = physical_segments,
	.unmap = unmap,
};
