// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Devices of uio_pci_generic. Its node delivers interrupts, and stops the bus
 * mastering of the device when it is closed. Everything else is in sysfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dma/device.h"
#include "dma/node.h"
#include "util/cleanup.h"

/* As linux/ioport.h has it. */
enum { IORESOURCE_MEM = 0x200 };

static int open_in_sysfs(struct dmabuf_dma_device *device, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s",
		 device->address, name);
	return dma_open_node(device->ctx, path);
}

static int uio_open(struct dmabuf_dma_device *device,
		    const struct pci_info *info)
{
	char path[96], line[16] = "";

	/* Interrupts from before do not count. */
	snprintf(path, sizeof(path), "sys/class/uio/%s/event", info->uio);
	(void)sysroot_read_line(&device->ctx->sysroot, path, line,
				sizeof(line));
	device->irq_seen = (uint32_t)strtoul(line, NULL, 10);
	device->config_file = open_in_sysfs(device, "config");
	if (device->config_file < 0)
		return device->config_file;
	snprintf(path, sizeof(path), "/dev/%s", info->uio);
	device->device = dma_open_node(device->ctx, path);
	if (device->device < 0)
		return device->device;
	/* UIO allows several users, and each one that closes stops the bus. */
	if (flock(device->device, LOCK_EX | LOCK_NB))
		return error_set(&device->ctx->error, -EBUSY,
				 "%.96s: another program uses it", path);
	return 0;
}

/*
 * Whether a BAR is memory that begins at a page. A mapping begins at a page,
 * and would show something else in front of the BAR.
 */
static bool is_mappable(struct dmabuf_dma_device *device, unsigned int number)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	_cleanup_fclose_ FILE *file = NULL;
	uint64_t start, end, flags;
	unsigned int i = 0;
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
		 device->address);
	file = fopen(path, "re");
	while (file && fscanf(file, "%" SCNx64 " %" SCNx64 " %" SCNx64, &start,
			      &end, &flags) == 3)
		if (i++ == number)
			return flags & IORESOURCE_MEM && start % page == 0;
	return false;
}

static int map_bar(struct dmabuf_dma_device *device, unsigned int number,
		   void **ret, size_t *ret_size)
{
	_cleanup_close_ int fd = -1;
	char name[16];
	struct stat st;
	void *memory;

	if (!is_mappable(device, number))
		return -ENXIO;
	snprintf(name, sizeof(name), "resource%u", number);
	fd = open_in_sysfs(device, name);
	if (fd < 0)
		return fd == -ENOENT ? -ENXIO : fd;
	if (fstat(fd, &st))
		return -errno;
	memory = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	*ret = memory;
	*ret_size = (size_t)st.st_size;
	return 0;
}

/* Unmasks the interrupt line, which the driver masks at each interrupt. */
static int unmask(struct dmabuf_dma_device *device)
{
	uint8_t high;

	if (pread(device->config_file, &high, 1, PCI_COMMAND + 1) != 1)
		return -errno;
	high &= (uint8_t) ~(PCI_COMMAND_INTX_DISABLE >> 8);
	if (pwrite(device->config_file, &high, 1, PCI_COMMAND + 1) != 1)
		return -errno;
	return 0;
}

static int enable_irq(struct dmabuf_dma_device *device)
{
	uint32_t count;
	int r;

	if (fcntl(device->device, F_SETFL, O_NONBLOCK))
		return -errno;
	if (read(device->device, &count, sizeof(count)) == sizeof(count))
		device->irq_seen = count;
	else if (errno == EIO)
		return -ENXIO;
	r = unmask(device);
	if (!r)
		device->irq = device->device;
	return r;
}

static int ack_irq(struct dmabuf_dma_device *device, uint64_t *ret)
{
	uint32_t all;
	int r;

	if (read(device->device, &all, sizeof(all)) != sizeof(all))
		return -errno;
	r = unmask(device);
	if (r)
		return r;
	*ret = all - device->irq_seen;
	device->irq_seen = all;
	return 0;
}

static int find_config(struct dmabuf_dma_device *device, uint64_t *ret_offset)
{
	*ret_offset = 0;
	return device->config_file;
}

const struct dma_device_ops dma_uio = {
	.open = uio_open,
	.bar = map_bar,
	.irq_enable = enable_irq,
	.irq_ack = ack_irq,
	.config = find_config,
};
