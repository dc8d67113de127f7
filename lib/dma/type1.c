// SPDX-License-Identifier: LGPL-2.1-or-later
/* Memory in a VFIO container with an IOMMU, for kernels without iommufd. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dma/map.h"
#include "dma/node.h"
#include "dma/uapi.h"
#include "util/u64.h"

/* Return: the information with all capabilities, or NULL. */
static struct vfio_iommu_type1_info *get_info(int container)
{
	uint32_t size = sizeof(struct vfio_iommu_type1_info);
	struct vfio_iommu_type1_info *info = NULL, *larger;

	do {
		larger = realloc(info, size);
		if (!larger)
			break;
		info = larger;
		memset(info, 0, size);
		info->argsz = size;
		if (dma_ioctl(container, VFIO_IOMMU_GET_INFO, info) < 0)
			break;
		if (info->argsz <= size)
			return info;
		size = info->argsz;
	} while (true);
	free(info);
	return NULL;
}

static const struct vfio_iommu_type1_info_cap_iova_range *find_ranges(
	const struct vfio_iommu_type1_info *info)
{
	const struct vfio_info_cap_header *header;
	uint32_t offset =
		info->flags & VFIO_IOMMU_INFO_CAPS ? info->cap_offset : 0;

	while (offset && offset + sizeof(*header) <= info->argsz) {
		header = (const void *)((const char *)info + offset);
		if (header->id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
			return (const void *)header;
		offset = header->next;
	}
	return NULL;
}

/* Adds the part of a range that the device can address, too. */
static int add_range(struct dmabuf_dma_device *device, uint64_t start,
		     uint64_t last)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct dma_range range = {
		/* Not 0, which means "no address" to devices. */
		.start = start ? u64_sat_add(start, page - 1) / page * page
			       : page,
		.last = last < device->last ? last : device->last,
	};

	return range.start < range.last ? vec_push(&device->iovas, &range) : 0;
}

static int find_iovas(struct dmabuf_dma_device *device)
{
	const struct vfio_iommu_type1_info_cap_iova_range *ranges;
	struct vfio_iommu_type1_info *info = get_info(device->container);
	uint32_t i;
	int r = 0;

	ranges = info ? find_ranges(info) : NULL;
	if (!ranges)
		r = add_range(device, 0, UINT64_MAX);
	for (i = 0; ranges && i < ranges->nr_iovas && !r; i++)
		r = add_range(device, ranges->iova_ranges[i].start,
			      ranges->iova_ranges[i].end);
	free(info);
	return r ? error_set(&device->ctx->error, r, "%s", strerror(-r)) : 0;
}

/* Return: the last address of a map that overlaps [start, last], or 0. */
static uint64_t in_the_way(const struct dmabuf_dma_map *map, uint64_t start,
			   uint64_t last)
{
	const struct dmabuf_dma_map *other;

	for (other = map->device->maps; other; other = other->next)
		if (other->done && start <= other->iova + (other->span - 1) &&
		    other->iova <= last)
			return other->iova + (other->span - 1);
	return 0;
}

/* Searches free IOVAs from @from on. Return: whether there are any. */
static bool find_room(struct dmabuf_dma_map *map, uint64_t from)
{
	struct vec *iovas = &map->device->iovas;
	const struct dma_range *range;
	uint64_t start, last;
	size_t i;

	for (i = 0; i < iovas->n; i++) {
		range = vec_at(iovas, i);
		start = from > range->start ? from : range->start;
		while (start <= range->last &&
		       range->last - start >= map->span - 1) {
			last = in_the_way(map, start, start + (map->span - 1));
			if (!last) {
				map->iova = start;
				map->device->next_iova = start + map->span;
				return true;
			}
			if (last == UINT64_MAX)
				break;
			start = last + 1;
		}
	}
	return false;
}

static void unmap(struct dmabuf_dma_map *map)
{
	struct vfio_iommu_type1_dma_unmap dma_unmap = {
		.argsz = sizeof(dma_unmap),
		.iova = map->iova,
		.size = map->span,
	};

	(void)dma_ioctl(map->device->container, VFIO_IOMMU_UNMAP_DMA,
			&dma_unmap);
}

static int map_memory(struct dmabuf_dma_map *map, unsigned int access)
{
	struct vfio_iommu_type1_dma_map dma_map = {
		.argsz = sizeof(dma_map),
		.flags = VFIO_DMA_MAP_FLAG_READ |
			 (access & DMABUF_DMA_WRITES ? VFIO_DMA_MAP_FLAG_WRITE
						     : 0),
		.vaddr = (uintptr_t)map->start,
		.size = map->span,
	};
	struct dmabuf_dma_device *device = map->device;
	int r;

	if (!find_room(map, device->next_iova) && !find_room(map, 0))
		return dma_why_no_room(map);
	dma_map.iova = map->iova;
	/*
	 * Before v6.2, pinning for reading may pin the page of zeros, or a page
	 * that the first write replaces: pin it for writing once.
	 */
	if (!(access & DMABUF_DMA_WRITES)) {
		dma_map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
		if (dma_ioctl(device->container, VFIO_IOMMU_MAP_DMA,
			      &dma_map) >= 0)
			unmap(map);
		dma_map.flags &= ~(uint32_t)VFIO_DMA_MAP_FLAG_WRITE;
	}
	r = dma_ioctl(device->container, VFIO_IOMMU_MAP_DMA, &dma_map);
	return r < 0 ? dma_why_not_mapped(map, r) : 0;
}

const struct dma_map_ops dma_type1 = {
	.open = dma_nothing,
	.ready = find_iovas,
	.map = map_memory,
	.segments = dma_iova_segment,
	.unmap = unmap,
};
