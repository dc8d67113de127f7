// SPDX-License-Identifier: LGPL-2.1-or-later
/* Devices of VFIO, opened by their cdev or their group. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dma/device.h"
#include "dma/node.h"
#include "dma/uapi.h"
#include "util/array.h"
#include "util/cleanup.h"

/* Return: 0, or -errno with the reason set. */
static int bind_and_attach(struct dmabuf_dma_device *device)
{
	struct abi_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.iommufd = device->memory_file,
	};
	struct abi_attach_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = device->ioas,
	};
	struct dmabuf_error *error = &device->ctx->error;
	int r;

	r = dma_ioctl(device->device, ABI_BIND_IOMMUFD, &bind);
	/* The kernel says so when the device is open elsewhere. */
	r = r == -EINVAL ? -EBUSY : r;
	if (r < 0) {
		error_set_errno(error, r, "%s: cannot bind it to an iommufd",
				device->address);
		if (r == -EPERM)
			error_hint(error,
				   "interrupts are not isolated: "
				   "iommufd.allow_unsafe_interrupts=1 if "
				   "that is acceptable");
		else if (r == -EBUSY)
			error_hint(error,
				   "another program uses it, or a device in "
				   "its IOMMU group has a kernel driver");
		return r;
	}
	r = dma_ioctl(device->device, ABI_ATTACH_PT, &attach);
	return error_set_errno(error, r, "%s: cannot attach it to an IOAS",
			       device->address);
}

static int open_cdev(struct dmabuf_dma_device *device,
		     const struct pci_info *info)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", info->cdev);
	device->device = dma_open_node(device->ctx, path);
	if (device->device < 0)
		return device->device;
	return bind_and_attach(device);
}

static int why_group_is_busy(struct dmabuf_dma_device *device)
{
	error_set(&device->ctx->error, -EBUSY,
		  "%s: another program uses its IOMMU group, or devices in the "
		  "group have kernel drivers",
		  device->address);
	return error_hint(&device->ctx->error,
			  "bind all devices of the group to vfio-pci, or "
			  "to no driver");
}

/* Return: 0, or -errno with the reason set. */
static int join_container(struct dmabuf_dma_device *device, bool noiommu)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	const long type = noiommu ? VFIO_NOIOMMU_IOMMU : VFIO_TYPE1v2_IOMMU;
	struct dmabuf_error *error = &device->ctx->error;
	int r;

	r = dma_ioctl(device->group, VFIO_GROUP_GET_STATUS, &status);
	if (r >= 0 && !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return why_group_is_busy(device);
	if (r >= 0)
		r = dma_ioctl(device->group, VFIO_GROUP_SET_CONTAINER,
			      &device->container);
	if (r == -EBUSY)
		return why_group_is_busy(device);
	if (r >= 0)
		r = dma_ioctl(device->container, VFIO_SET_IOMMU, (void *)type);
	if (r >= 0)
		return 0;
	error_set_errno(error, r, "%s: cannot use its group", device->address);
	if (r == -EPERM)
		error_hint(error,
			   "interrupts are not isolated: "
			   "vfio_iommu_type1.allow_unsafe_interrupts=1 if "
			   "that is acceptable");
	return r;
}

static int open_group(struct dmabuf_dma_device *device,
		      const struct pci_info *info)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/dev/vfio/%s%s",
		 info->noiommu ? "noiommu-" : "", info->group);
	device->container = dma_open_node(device->ctx, "/dev/vfio/vfio");
	if (device->container < 0)
		return device->container;
	device->group = dma_open_node(device->ctx, path);
	if (device->group < 0)
		return device->group;
	r = join_container(device, info->noiommu);
	if (r)
		return r;
	r = dma_ioctl(device->group, VFIO_GROUP_GET_DEVICE_FD, device->address);
	if (r < 0)
		return error_set_errno(&device->ctx->error, r, "%s: VFIO",
				       device->address);
	device->device = r;
	return 0;
}

static int get_region(struct dmabuf_dma_device *device, unsigned int index,
		      struct vfio_region_info *region)
{
	*region = (struct vfio_region_info){
		.argsz = sizeof(*region),
		.index = index,
	};
	return dma_ioctl(device->device, VFIO_DEVICE_GET_REGION_INFO, region);
}

static int map_bar(struct dmabuf_dma_device *device, unsigned int number,
		   void **ret, size_t *ret_size)
{
	struct vfio_region_info region;
	void *memory;
	int r;

	r = get_region(device, VFIO_PCI_BAR0_REGION_INDEX + number, &region);
	if (r < 0)
		return r;
	if (!region.size || !(region.flags & VFIO_REGION_INFO_FLAG_MMAP))
		return -ENXIO;
	memory = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		      device->device, (off_t)region.offset);
	if (memory == MAP_FAILED)
		return -errno;
	*ret = memory;
	*ret_size = region.size;
	return 0;
}

static int set_irq(struct dmabuf_dma_device *device, uint32_t flags, int fd)
{
	union {
		struct vfio_irq_set set;
		char room[sizeof(struct vfio_irq_set) + sizeof(int)];
	} irq = {
		.set = {
			.argsz = sizeof(irq.room),
			.flags = flags,
			.index = device->irq_index,
			.count = 1,
		},
	};

	memcpy(irq.set.data, &fd, sizeof(fd));
	return dma_ioctl(device->device, VFIO_DEVICE_SET_IRQS, &irq);
}

/* Tries one kind of interrupt. Return: 0, -ENXIO or another -errno. */
static int try_irq(struct dmabuf_dma_device *device, uint32_t kind, int fd)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = kind };
	int r;

	r = dma_ioctl(device->device, VFIO_DEVICE_GET_IRQ_INFO, &info);
	if (r < 0 || !info.count || !(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return -ENXIO;
	device->irq_index = kind;
	device->irq_masked = info.flags & VFIO_IRQ_INFO_AUTOMASKED;
	r = set_irq(device,
		    VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		    fd);
	return r < 0 ? r : 0;
}

/* Enables the best kind of interrupt that works. */
static int enable_irq(struct dmabuf_dma_device *device)
{
	static const uint32_t kinds[] = {
		VFIO_PCI_MSIX_IRQ_INDEX,
		VFIO_PCI_MSI_IRQ_INDEX,
		VFIO_PCI_INTX_IRQ_INDEX,
	};
	_cleanup_close_ int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int r = -ENXIO;
	size_t i;

	if (fd < 0)
		return -errno;
	for (i = 0; r && i < ARRAY_SIZE(kinds); i++)
		r = try_irq(device, kinds[i], fd);
	if (!r)
		device->irq = take_fd(&fd);
	return r;
}

static int ack_irq(struct dmabuf_dma_device *device, uint64_t *ret)
{
	uint64_t count;
	int r = 0;

	if (read(device->irq, &count, sizeof(count)) != sizeof(count))
		return -errno;
	if (device->irq_masked)
		r = set_irq(device,
			    VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
			    -1);
	if (r < 0)
		return r;
	*ret = count;
	return 0;
}

static int find_config(struct dmabuf_dma_device *device, uint64_t *ret_offset)
{
	struct vfio_region_info region;
	int r;

	r = get_region(device, VFIO_PCI_CONFIG_REGION_INDEX, &region);
	if (r < 0)
		return r;
	*ret_offset = region.offset;
	return device->device;
}

const struct dma_device_ops dma_vfio_cdev = {
	.open = open_cdev,
	.bar = map_bar,
	.irq_enable = enable_irq,
	.irq_ack = ack_irq,
	.config = find_config,
};

const struct dma_device_ops dma_vfio_group = {
	.open = open_group,
	.bar = map_bar,
	.irq_enable = enable_irq,
	.irq_ack = ack_irq,
	.config = find_config,
};
