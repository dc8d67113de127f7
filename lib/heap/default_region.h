/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The default CMA region, and what the device tree says of regions. */
#ifndef HEAP_DEFAULT_REGION_H
#define HEAP_DEFAULT_REGION_H

#include "heap/region.h"

/*
 * Whether the device tree makes the region of this name the default one. There
 * need not be such a region: the kernel leaves it out when the command line has
 * cma=.
 */
bool region_is_marked(const struct sysroot *sysroot, const char *name);

/* Whether the device tree has a region of this name, which need not be there.
 */
bool region_is_of_tree(const struct sysroot *sysroot, const char *name);

/*
 * Finds the region that drivers use which have none of their own. Return: it,
 * or NULL when it cannot be told.
 */
const struct region *regions_default(const struct sysroot *sysroot,
				     const struct vec *regions);

#endif
