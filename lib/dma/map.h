/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is registered with a device, inside the library. */
#ifndef DMA_MAP_H
#define DMA_MAP_H

#include "dma/device.h"
#include "util/cleanup.h"

/* How to pin memory and get its addresses. */
struct dma_map_ops {
	int (*open)(struct dmabuf_dma_device *device);
	/* Called when the device is open. */
	int (*ready)(struct dmabuf_dma_device *device);
	/* Pins whole pages at map->start; sets what unmap() and segments()
	 * need. */
	int (*map)(struct dmabuf_dma_map *map, unsigned int access);
	/* The same for a file; NULL or -EOPNOTSUPP: the file must be mapped. */
	int (*map_file)(struct dmabuf_dma_map *map, int fd, uint64_t offset,
			unsigned int access);
	int (*segments)(struct dmabuf_dma_map *map);
	void (*unmap)(struct dmabuf_dma_map *map);
};

struct dmabuf_dma_map {
	struct dmabuf_dma_device *device;
	struct dmabuf_dma_map *next, **prev;
	char *start; /* whole pages */
	size_t span; /* their length in bytes */
	size_t offset; /* of the requested memory in these pages */
	size_t length; /* of the requested memory */
	uint64_t iova;
	bool done; /* whether unmap() has something to undo */
	size_t mapped; /* bytes to munmap(), if it was mapped here */
	struct vec segments; /* struct dmabuf_dma_segment */
};

extern const struct dma_map_ops dma_iommufd, dma_iommufd_noiommu, dma_type1,
	dma_pagemap;

/*
 * Checks the arguments of a registration, and makes a map that is not
 * registered yet. @memory is NULL when it is not known yet. Return: 0, or
 * -errno with the reason set.
 *
 * Ownership: the device's; dmabuf_dma_unmap() removes it.
 */
int dma_map_new(struct dmabuf_dma_device *device, char *memory, size_t length,
		unsigned int access, struct dmabuf_dma_map **ret);
DEFINE_CLEANUP(map, struct dmabuf_dma_map, dmabuf_dma_unmap)

/* Gives segments to a map that is registered. Return: 0, or -errno with the
 * reason set. */
int dma_map_finish(struct dmabuf_dma_map *map);

/*
 * Adds memory to the segments of a map; extends the last one if it continues.
 * Return: 0, or -ERANGE or -ENOMEM with the reason set.
 */
int dma_add_segment(struct dmabuf_dma_map *map, uint64_t address,
		    uint64_t length);

/* Adds all of a map as one IOVA segment. Return: as dma_add_segment(). */
int dma_iova_segment(struct dmabuf_dma_map *map);

/* Sets the reason of a failed registration. Return: @err. */
int dma_why_not_mapped(struct dmabuf_dma_map *map, int err);

/* The same, when no IOVAs are left. Return: -ERANGE. */
int dma_why_no_room(struct dmabuf_dma_map *map);

/* For operations of struct dma_map_ops that have nothing to do. */
int dma_nothing(struct dmabuf_dma_device *device);

#endif
