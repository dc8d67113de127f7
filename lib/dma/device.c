// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/device.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dma/map.h"
#include "dma/route.h"
#include "util/cleanup.h"

/* Does not change the reason of an earlier failure. Return: 0 or -errno. */
static int write_master(struct dmabuf_dma_device *device, bool on)
{
	uint64_t offset;
	uint8_t command; /* of PCI_COMMAND, the byte with the bit */
	ssize_t n;
	int fd = device->device_ops->config(device, &offset);

	if (fd < 0)
		return fd;
	n = pread(fd, &command, 1, (off_t)(offset + PCI_COMMAND));
	if (n == 1) {
		command = (uint8_t)(on ? command | PCI_COMMAND_MASTER
				       : command & ~PCI_COMMAND_MASTER);
		n = pwrite(fd, &command, 1, (off_t)(offset + PCI_COMMAND));
	}
	return n == 1 ? 0 : n < 0 ? -errno : -EIO;
}

DEFINE_CLEANUP(device, struct dmabuf_dma_device, dmabuf_dma_close)

static struct dmabuf_dma_device *new_device(struct dmabuf_ctx *ctx,
					    const struct pci_info *info,
					    unsigned int bits)
{
	struct dmabuf_dma_device *device = calloc(1, sizeof(*device));

	if (!device)
		return NULL;
	device->ctx = ctx;
	device->process = getpid();
	device->device = device->group = device->container = -1;
	device->memory_file = device->config_file = device->irq = -1;
	device->iovas = (struct vec)VEC_OF(struct dma_range);
	device->last = bits && bits < 64 ? (1ULL << bits) - 1 : UINT64_MAX;
	memcpy(device->address, info->address, sizeof(device->address));
	return device;
}

int dmabuf_dma_open(struct dmabuf_ctx *ctx, const char *address,
		    const struct dmabuf_dma_opts *opts,
		    struct dmabuf_dma_device **ret)
{
	_cleanup_(device_cleanup) struct dmabuf_dma_device *device = NULL;
	struct dmabuf_dma_opts known;
	struct pci_info info;
	int r;

	ctx->error = (struct dmabuf_error){};
	if (opts_copy(&known, sizeof(known), opts) || known.address_bits > 64)
		return error_set(&ctx->error, -EINVAL,
				 "options are not understood");
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no devices");
	r = pci_info_read(ctx, address, &info);
	if (r)
		return r;
	device = new_device(ctx, &info, known.address_bits);
	if (!device)
		return error_no_memory(&ctx->error);
	r = dma_choose_route(device, &info, known.allow_pagemap)
		    ?: device->map_ops->open(device)
		    ?: device->device_ops->open(device, &info)
		    ?: dmabuf_dma_set_master(device, false)
		    ?: device->map_ops->ready(device);
	if (!r)
		*ret = take_ptr(device);
	return r;
}

void dmabuf_dma_close(struct dmabuf_dma_device *device)
{
	size_t i;

	if (!device)
		return;
	if (device->device >= 0)
		(void)write_master(device, false);
	while (device->maps)
		dmabuf_dma_unmap(device->maps);
	for (i = 0; i < DMA_BARS; i++)
		if (device->bars[i].memory)
			munmap(device->bars[i].memory, device->bars[i].size);
	/* With UIO, interrupts are read from the device itself. */
	if (device->irq != device->device)
		close_cleanup(&device->irq);
	close_cleanup(&device->config_file);
	close_cleanup(&device->device);
	close_cleanup(&device->group);
	close_cleanup(&device->container);
	close_cleanup(&device->memory_file);
	vec_fini(&device->iovas);
	free(device);
}

const struct dmabuf_dma_backend *dmabuf_dma_backend(
	const struct dmabuf_dma_device *device)
{
	return device->backend;
}

const struct dmabuf_error *dmabuf_dma_warning(
	const struct dmabuf_dma_device *device)
{
	return &device->warning;
}

int dmabuf_dma_bar(struct dmabuf_dma_device *device, unsigned int number,
		   volatile void **ret, size_t *ret_size)
{
	void *memory;
	size_t size;
	int r;

	device->ctx->error = (struct dmabuf_error){};
	if (number >= DMA_BARS)
		return error_set(&device->ctx->error, -ENXIO, "%s: no BAR %u",
				 device->address, number);
	if (!device->bars[number].memory) {
		r = device->device_ops->bar(device, number, &memory, &size);
		if (r)
			return error_set_errno(&device->ctx->error, r,
					       "%s: cannot map BAR %u",
					       device->address, number);
		device->bars[number].memory = memory;
		device->bars[number].size = size;
	}
	*ret = device->bars[number].memory;
	*ret_size = device->bars[number].size;
	return 0;
}

int dmabuf_dma_irq_enable(struct dmabuf_dma_device *device, int *ret)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = device->irq < 0 ? device->device_ops->irq_enable(device) : 0;
	if (r)
		return error_set_errno(&device->ctx->error, r,
				       "%s: cannot enable interrupts",
				       device->address);
	*ret = device->irq;
	return 0;
}

int dmabuf_dma_irq_ack(struct dmabuf_dma_device *device, uint64_t *ret)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = device->irq < 0 ? -ENXIO : device->device_ops->irq_ack(device, ret);
	return error_set_errno(&device->ctx->error, r,
			       "%s: cannot read interrupts", device->address);
}

int dmabuf_dma_set_master(struct dmabuf_dma_device *device, bool on)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = write_master(device, on);
	return error_set_errno(&device->ctx->error, r,
			       "%s: cannot change its configuration",
			       device->address);
}
