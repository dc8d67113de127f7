// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/route.h"

#include <errno.h>
#include <string.h>

#include "dma/backend.h"
#include "dma/map.h"
#include "dma/probe.h"
#include "util/array.h"

/*
 * The routes to a device, by the node that its driver provides. Other
 * combinations do not work.
 */
static const struct route {
	enum node { CDEV, GROUP, UIO } node;
	bool noiommu;
	const struct dma_device_ops *device_ops;
	const struct dma_map_ops *map_ops;
	enum dma_backend backend;
} routes[] = {
	{ CDEV, false, &dma_vfio_cdev, &dma_iommufd, DMA_IOMMU },
	{ CDEV, true, &dma_vfio_cdev, &dma_iommufd_noiommu, DMA_NOIOMMU },
	{ GROUP, false, &dma_vfio_group, &dma_type1, DMA_IOMMU },
	{ GROUP, true, &dma_vfio_group, &dma_pagemap, DMA_PAGEMAP },
	{ UIO, false, &dma_uio, &dma_pagemap, DMA_PAGEMAP },
};

static const struct route *find_route(const struct pci_info *info)
{
	const bool uio = !strcmp(info->driver, "uio_pci_generic");
	const enum node node = uio && info->uio[0] ? UIO
			       : info->cdev[0]	   ? CDEV
						   : GROUP;
	size_t i;

	if (node == GROUP && (!strstr(info->driver, "vfio") || !info->group[0]))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(routes); i++)
		if (routes[i].node == node &&
		    routes[i].noiommu == info->noiommu)
			return &routes[i];
	return NULL;
}

static int why_not_bound(struct dmabuf_ctx *ctx, const struct pci_info *info)
{
	if (strstr(info->driver, "vfio")) {
		error_set(&ctx->error, -ENODEV,
			  "%s: its driver %s provides no node for programs",
			  info->address, info->driver);
		return error_hint(
			&ctx->error,
			"run dmabuf doctor: it tells what is missing");
	}
	error_set(&ctx->error, -ENODEV,
		  "%s: needs the driver vfio-pci, but has %s", info->address,
		  info->driver[0] ? info->driver : "none");
	return error_hint(&ctx->error,
			  "cd /sys/bus/pci; echo vfio-pci >devices/%s/"
			  "driver_override; unbind it from its driver; echo %s "
			  ">drivers_probe",
			  info->address, info->address);
}

/* Physical addresses are useless, and must not be used, behind an IOMMU. */
static int check_pagemap(struct dmabuf_ctx *ctx, const struct pci_info *info,
			 bool allowed)
{
	struct dmabuf_error lacks;

	/* The group that VFIO creates without an IOMMU has a type, too. */
	if (!info->noiommu && info->group_type[0] &&
	    strcmp(info->group_type, "identity")) {
		error_set(&ctx->error, -EOPNOTSUPP,
			  "%s: an IOMMU translates its addresses, so physical "
			  "addresses do not work",
			  info->address);
		return error_hint(&ctx->error, "bind it to vfio-pci");
	}
	if (allowed)
		return 0;
	(void)dma_probe_noiommu(ctx);
	lacks = ctx->error;
	error_set(&ctx->error, -EOPNOTSUPP,
		  "%s: only pagemap would work, which pins nothing and was not "
		  "allowed; %s",
		  info->address,
		  lacks.err ? lacks.text
			    : "with vfio-pci a better back end works");
	return error_hint(&ctx->error, "%s%s; see dmabuf doctor", lacks.hint,
			  lacks.hint[0] ? "" : "bind it to vfio-pci");
}

int dma_choose_route(struct dmabuf_dma_device *device,
		     const struct pci_info *info, bool allow_pagemap)
{
	const struct route *route = find_route(info);

	if (!route)
		return why_not_bound(device->ctx, info);
	device->device_ops = route->device_ops;
	device->map_ops = route->map_ops;
	device->backend = dma_backend(route->backend);
	if (device->backend->warning) {
		error_set(&device->warning, -EPERM, "%s",
			  device->backend->warning);
		error_hint(&device->warning, "%s", device->backend->better);
	}
	if (route->backend == DMA_PAGEMAP)
		return check_pagemap(device->ctx, info, allow_pagemap);
	return 0;
}
