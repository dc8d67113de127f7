// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "dma/node.h"
#include "dma/pagemap_file.h"
#include "dma/uapi.h"
#include "util/cleanup.h"
#include "util/sysroot.h"

#define UNSAFE "sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

#define NEEDED                                                                 \
	"7.3, or 6.12 with our patches, with CONFIG_IOMMUFD, "                 \
	"CONFIG_VFIO_NOIOMMU and CONFIG_VFIO_DEVICE_CDEV"

static bool has_entries(const char *path)
{
	_cleanup_closedir_ DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			return true;
	return false;
}

/* Checks that the driver for PCI devices in user space is there. */
static int check_vfio_pci(struct dmabuf_ctx *ctx)
{
	if (!access("/sys/bus/pci/drivers/vfio-pci", F_OK))
		return 0;
	error_set(&ctx->error, -ENODEV, "vfio-pci is not loaded");
	return error_hint(&ctx->error, "modprobe vfio-pci, or a kernel with "
				       "CONFIG_VFIO_PCI");
}

int dma_probe_iommu(struct dmabuf_ctx *ctx)
{
	if (!has_entries("/sys/class/iommu")) {
		error_set(&ctx->error, -ENODEV, "no IOMMU is enabled");
		return error_hint(&ctx->error,
				  "enable it in the firmware, and boot with "
				  "intel_iommu=on or the like");
	}
	return check_vfio_pci(ctx);
}

/* Calls GET_PA without an IOAS: the error tells whether the kernel has it. */
static int ask_get_pa(struct dmabuf_ctx *ctx)
{
	struct abi_ioas_get_pa run = { .size = sizeof(run), .length = 1 };
	_cleanup_close_ int fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	int r = fd < 0 ? -errno : dma_ioctl(fd, ABI_IOAS_GET_PA, &run);

	switch (r) {
	case -ENOENT:
		if (fd >= 0)
			return 0;
		error_set(&ctx->error, -ENODEV, "this kernel has no iommufd");
		return error_hint(&ctx->error, NEEDED);
	case -EPERM:
	case -EACCES:
		error_set(&ctx->error, r,
			  "not permitted to read physical addresses");
		return error_hint_capability(&ctx->error, "CAP_SYS_RAWIO");
	default:
		error_set(&ctx->error, -ENOTTY,
			  "this kernel cannot return the addresses of pinned "
			  "memory");
		return error_hint(&ctx->error, NEEDED);
	}
}

int dma_probe_noiommu(struct dmabuf_ctx *ctx)
{
	char line[8] = "";
	int r;

	r = ask_get_pa(ctx) ?: check_vfio_pci(ctx);
	if (r)
		return r;
	(void)sysroot_read_line(&ctx->sysroot, UNSAFE, line, sizeof(line));
	if (line[0] != 'Y') {
		error_set(&ctx->error, -EPERM,
			  "the no-IOMMU mode of VFIO is off");
		return error_hint(&ctx->error, "echo Y >/" UNSAFE
					       ", before a device is bound");
	}
	return error_set(&ctx->error, 0,
			 "not safe: devices can write to all memory");
}

int dma_probe_pagemap(struct dmabuf_ctx *ctx)
{
	_cleanup_close_ int fd = pagemap_file_open(ctx);

	if (fd < 0)
		return fd;
	if (access("/sys/bus/pci/drivers/uio_pci_generic", F_OK) &&
	    access("/sys/bus/pci/drivers/vfio-pci", F_OK)) {
		error_set(&ctx->error, -ENODEV,
			  "uio_pci_generic is not loaded");
		return error_hint(&ctx->error, "modprobe uio_pci_generic");
	}
	return error_set(&ctx->error, 0, "not safe, and nothing is pinned");
}
