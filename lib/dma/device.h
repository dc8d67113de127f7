/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Devices for DMA, inside the library. A way to get at a device and a way to
 * get at addresses are two things: each back end has some of both.
 */
#ifndef DMA_DEVICE_H
#define DMA_DEVICE_H

#include <dmabuf/dma.h>
#include <sys/types.h>

#include "core/context.h"
#include "dma/pci_info.h"
#include "util/vec.h"

enum { DMA_BARS = 6 };

/* How to get at a device. */
struct dma_device_ops {
	int (*open)(struct dmabuf_dma_device *device,
		    const struct pci_info *info);
	/* Maps a BAR; @ret_size is its size. Return: 0 or -errno. */
	int (*bar)(struct dmabuf_dma_device *device, unsigned int number,
		   void **ret, size_t *ret_size);
	/* Sets device->irq. */
	int (*irq_enable)(struct dmabuf_dma_device *device);
	/* Reads how many there were, and lets more come. */
	int (*irq_ack)(struct dmabuf_dma_device *device, uint64_t *ret);
	/* The configuration space: a descriptor, and where it begins there. */
	int (*config)(struct dmabuf_dma_device *device, uint64_t *ret_offset);
};

/* How memory is pinned, and gets addresses. */
struct dma_map_ops {
	int (*open)(struct dmabuf_dma_device *device);
	/* What can be done when the device is there. */
	int (*ready)(struct dmabuf_dma_device *device);
	/* Whole pages at map->start; sets what unmap() and segments() need. */
	int (*map)(struct dmabuf_dma_map *map, unsigned int access);
	/* The same of a file; NULL or -EOPNOTSUPP: it has to be mapped. */
	int (*map_file)(struct dmabuf_dma_map *map, int fd, uint64_t offset,
			unsigned int access);
	int (*segments)(struct dmabuf_dma_map *map);
	void (*unmap)(struct dmabuf_dma_map *map);
};

struct dmabuf_dma_device {
	struct dmabuf_ctx *ctx;
	const struct dmabuf_dma_backend *backend;
	const struct dma_device_ops *device_ops;
	const struct dma_map_ops *map_ops;
	pid_t process; /* whose memory it is for */
	char address[24];
	uint64_t last; /* the last address that it can be told */
	struct dmabuf_error warning;

	int device; /* of VFIO or UIO */
	int group;
	int container;
	int memory_file; /* iommufd or pagemap */
	int config_file;
	int irq;
	uint32_t ioas;
	uint32_t irq_index;
	uint32_t irq_seen;
	bool irq_masked; /* by itself, when there was one */
	uint64_t next_iova;
	struct vec iovas; /* struct dma_range: what type1 can translate */
	struct {
		void *memory;
		size_t size;
	} bars[DMA_BARS];
	struct dmabuf_dma_map *maps;
};

struct dma_range {
	uint64_t start, last;
};

struct dmabuf_dma_map {
	struct dmabuf_dma_device *device;
	struct dmabuf_dma_map *next, **prev;
	char *start; /* whole pages */
	size_t span; /* their length in bytes */
	size_t offset; /* of the memory that was asked for, in them */
	size_t length; /* its length */
	uint64_t iova;
	bool done; /* what unmap() undoes was done */
	size_t mapped; /* what munmap() is to be told, if it was mapped here */
	struct vec segments; /* struct dmabuf_dma_segment */
};

extern const struct dma_device_ops dma_vfio_cdev, dma_vfio_group, dma_uio;
extern const struct dma_map_ops dma_iommufd, dma_iommufd_noiommu, dma_type1,
	dma_pagemap;

/* What the machine offers; see dmabuf_dma_backend_probe(). */
int dma_probe_iommu(struct dmabuf_ctx *ctx);
int dma_probe_noiommu(struct dmabuf_ctx *ctx);
int dma_probe_pagemap(struct dmabuf_ctx *ctx);

/*
 * Adds memory to the segments of a map, to the last one if it goes on there.
 * Return: 0, or -ERANGE or -ENOMEM with the reason set.
 */
int dma_add_segment(struct dmabuf_dma_map *map, uint64_t address,
		    uint64_t length);

/* Behind an IOMMU all of a map is one segment. Return: as dma_add_segment(). */
int dma_iova_segment(struct dmabuf_dma_map *map);

/* As open(2) for reading and writing, with the reason set. */
int dma_open_node(struct dmabuf_ctx *ctx, const char *path);

/* As ioctl(2), but tried again after a signal. Return: >= 0 or -errno. */
int dma_ioctl(int fd, unsigned long request, void *argument);

/* Sets why memory was not registered. Return: @err. */
int dma_why_not_mapped(struct dmabuf_dma_map *map, int err);

/* The same, where no addresses are left. Return: -ERANGE. */
int dma_why_no_room(struct dmabuf_dma_map *map);

/* Whether @fd shows addresses. Return: 0, or -errno with the reason set. */
int dma_check_pagemap(struct dmabuf_ctx *ctx, int fd);

/* For memory that has nothing to do then. */
int dma_nothing(struct dmabuf_dma_device *device);

#endif
