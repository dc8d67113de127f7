/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DMA_PCI_INFO_H
#define DMA_PCI_INFO_H

#include "core/context.h"

/* A PCI device in sysfs. A string is empty when sysfs does not have it. */
struct pci_info {
	char address[24];
	char driver[32];
	char cdev[32]; /* of VFIO: "vfio0", "noiommu-vfio0" */
	char group[16]; /* number of the IOMMU group */
	char group_type[32]; /* "DMA", "DMA-FQ", "identity", ... */
	char uio[32]; /* "uio0" */
	bool noiommu; /* whether the group or the cdev has no IOMMU */
};

/*
 * Reads the device at @address, which may have no domain, from sysfs.
 * Return: 0, or -EINVAL or -ENODEV with the reason set.
 */
int pci_info_read(struct dmabuf_ctx *ctx, const char *address,
		  struct pci_info *ret);

#endif
