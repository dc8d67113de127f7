/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Devices for DMA, inside the library. How to open a device and how to get
 * addresses are independent: each route combines one of both.
 */
#ifndef DMA_DEVICE_H
#define DMA_DEVICE_H

#include <dmabuf/dma.h>
#include <sys/types.h>

#include "core/context.h"
#include "dma/pci_info.h"
#include "util/vec.h"

struct dma_map_ops;

enum { DMA_BARS = 6 };

/* How to open and use a device. */
struct dma_device_ops {
	int (*open)(struct dmabuf_dma_device *device,
		    const struct pci_info *info);
	/* Maps a BAR; @ret_size is its size. Return: 0 or -errno. */
	int (*bar)(struct dmabuf_dma_device *device, unsigned int number,
		   void **ret, size_t *ret_size);
	/* Sets device->irq. */
	int (*irq_enable)(struct dmabuf_dma_device *device);
	/* Reads the number of interrupts, and enables the next one. */
	int (*irq_ack)(struct dmabuf_dma_device *device, uint64_t *ret);
	/* Return: a descriptor with the configuration space at @ret_offset. */
	int (*config)(struct dmabuf_dma_device *device, uint64_t *ret_offset);
};

struct dmabuf_dma_device {
	struct dmabuf_ctx *ctx;
	const struct dmabuf_dma_backend *backend;
	const struct dma_device_ops *device_ops;
	const struct dma_map_ops *map_ops;
	pid_t process; /* the process whose memory it may use */
	char address[24];
	uint64_t last; /* the highest address that the device can use */
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
	bool irq_masked; /* whether an interrupt masks itself */
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

extern const struct dma_device_ops dma_vfio_cdev, dma_vfio_group, dma_uio;

#endif
