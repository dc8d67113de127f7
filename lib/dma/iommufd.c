// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory in an iommufd. With an IOMMU the addresses are IOVAs. Without one, an
 * IOVA is only a handle, for which the kernel returns the physical address.
 */
#include <errno.h>

#include "dma/map.h"
#include "dma/node.h"
#include "dma/uapi.h"
#include "util/array.h"

#define IOMMUFD "/dev/iommu"

static int open_ioas(struct dmabuf_dma_device *device)
{
	struct abi_ioas_alloc alloc = { .size = sizeof(alloc) };
	int r;

	device->memory_file = dma_open_node(device->ctx, IOMMUFD);
	if (device->memory_file < 0)
		return device->memory_file;
	r = dma_ioctl(device->memory_file, ABI_IOAS_ALLOC, &alloc);
	if (r < 0)
		return error_set_errno(&device->ctx->error, r,
				       IOMMUFD ": no IOAS");
	device->ioas = alloc.out_ioas_id;
	return 0;
}

/*
 * Restricts IOVAs to those that the device can address. This must wait until
 * the device is attached: an allowed range must not have a hole, and only then
 * is it known which ranges the IOMMU leaves free.
 */
static int narrow(struct dmabuf_dma_device *device)
{
	struct abi_iova_range holes[64];
	struct abi_ioas_iova_ranges ranges = {
		.size = sizeof(ranges),
		.ioas_id = device->ioas,
		.num_iovas = ARRAY_SIZE(holes),
		.allowed_iovas = (uintptr_t)holes,
	};
	struct abi_ioas_allow_iovas allow = {
		.size = sizeof(allow),
		.ioas_id = device->ioas,
		.allowed_iovas = (uintptr_t)holes,
	};
	struct dmabuf_error *error = &device->ctx->error;
	uint32_t i;
	int r;

	if (device->last == UINT64_MAX)
		return 0;
	/* -EMSGSIZE: there are more ranges; the first ones are filled in. */
	r = dma_ioctl(device->memory_file, ABI_IOAS_IOVA_RANGES, &ranges);
	if (r < 0 && r != -EMSGSIZE)
		return error_set_errno(error, r,
				       "%s: cannot read its IOVA ranges",
				       device->address);
	for (i = 0; i < ranges.num_iovas && i < ARRAY_SIZE(holes); i++) {
		if (holes[i].last > device->last)
			holes[i].last = device->last;
		if (holes[i].start < holes[i].last)
			holes[allow.num_iovas++] = holes[i];
	}
	/* An empty list would allow everything. */
	if (!allow.num_iovas)
		return error_set(
			error, -ERANGE,
			"%s: the IOMMU has no IOVAs that it can address",
			device->address);
	r = dma_ioctl(device->memory_file, ABI_IOAS_ALLOW_IOVAS, &allow);
	return error_set_errno(error, r, "%s: cannot restrict its IOVAs",
			       device->address);
}

static uint32_t map_flags(unsigned int access)
{
	return ABI_MAP_READABLE |
	       (access & DMABUF_DMA_WRITES ? ABI_MAP_WRITEABLE : 0);
}

static int why_not_mapped(struct dmabuf_dma_map *map, int err)
{
	return err == -ENOSPC ? dma_why_no_room(map)
			      : dma_why_not_mapped(map, err);
}

static int map_memory(struct dmabuf_dma_map *map, unsigned int access)
{
	struct abi_ioas_map ioas_map = {
		.size = sizeof(ioas_map),
		.flags = map_flags(access),
		.ioas_id = map->device->ioas,
		.user_va = (uintptr_t)map->start,
		.length = map->span,
	};
	int r;

	r = dma_ioctl(map->device->memory_file, ABI_IOAS_MAP, &ioas_map);
	map->iova = ioas_map.iova;
	return r < 0 ? why_not_mapped(map, r) : 0;
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
		.length = map->span,
	};
	int r;

	r = dma_ioctl(map->device->memory_file, ABI_IOAS_MAP_FILE, &ioas_map);
	switch (r) {
	/* No such ioctl, or not for this kind of file. */
	case -ENOTTY:
	case -EINVAL:
	case -ENOSYS:
	case -EOPNOTSUPP:
		return -EOPNOTSUPP;
	default:
		map->iova = ioas_map.iova;
		return r < 0 ? why_not_mapped(map, r) : 0;
	}
}

static void unmap(struct dmabuf_dma_map *map)
{
	struct abi_ioas_unmap ioas_unmap = {
		.size = sizeof(ioas_unmap),
		.ioas_id = map->device->ioas,
		.iova = map->iova,
		.length = map->span,
	};

	(void)dma_ioctl(map->device->memory_file, ABI_IOAS_UNMAP, &ioas_unmap);
}

static int why_no_pa(struct dmabuf_dma_map *map, int err)
{
	struct dmabuf_error *error = &map->device->ctx->error;

	error_set_errno(error, err, "%s: the kernel does not return addresses",
			map->device->address);
	switch (err) {
	case -EPERM:
		return error_hint_capability(error, "CAP_SYS_RAWIO");
	case -ENOTTY:
		return error_hint(error,
				  "a kernel with IOMMU_IOAS_NOIOMMU_GET_PA: "
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
		r = dma_ioctl(map->device->memory_file, ABI_IOAS_GET_PA, &run);
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

const struct dma_map_ops dma_iommufd = {
	.open = open_ioas,
	.ready = narrow,
	.map = map_memory,
	.map_file = map_file,
	.segments = dma_iova_segment,
	.unmap = unmap,
};

const struct dma_map_ops dma_iommufd_noiommu = {
	.open = open_ioas,
	.ready = dma_nothing,
	.map = map_memory,
	.map_file = map_file,
	.segments = physical_segments,
	.unmap = unmap,
};
