/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which way to a device is taken, and which back end it gets. */
#ifndef DMA_ROUTE_H
#define DMA_ROUTE_H

#include "dma/device.h"

/*
 * Sets the operations, the back end and the warning of @device by the driver
 * and the nodes that it has. Return: 0, -ENODEV or -EOPNOTSUPP with the reason
 * set.
 */
int dma_choose_route(struct dmabuf_dma_device *device,
		     const struct pci_info *info, bool allow_pagemap);

#endif
