/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DMA_PCI_INFO_H
#define DMA_PCI_INFO_H

#include "core/context.h"

/* What sysfs says of a PCI device; strings are empty where it has none. */
struct pci_info {
	char address[24];
	char driver[32];
	char cdev[32]; /* of VFIO: "vfio0", "noiommu-vfio0" */
	char group[16]; /* number of the IOMMU group */
	char group_type[32]; /* "DMA", "DMA-FQ", "identity", ... */
	char uio[32]; /* "uio0" */
	bool noiommu; /* the group or the cdev is without an IOMMU */
};

/*
 * Reads what sysfs has of the device at @address, with or without its domain.
 * Return: 0, or -EINVAL or -ENODEV with the reason set.
 */
int pci_info_read(struct dmabuf_ctx *ctx, const char *address,
		  struct pci_info *ret);

#endif
