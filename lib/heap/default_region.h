/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The default CMA region, and regions in the device tree. */
#ifndef HEAP_DEFAULT_REGION_H
#define HEAP_DEFAULT_REGION_H

#include "heap/region.h"

/*
 * Whether the device tree makes the region of this name the default one. The
 * kernel may not have the region: it skips it when the command line has cma=.
 */
bool region_is_marked(const struct sysroot *sysroot, const char *name);

/* Whether the device tree has a region of this name; the kernel may not. */
bool region_is_of_tree(const struct sysroot *sysroot, const char *name);

/*
 * Finds the region of drivers that have no region of their own. Return: the
 * region, or NULL when it is unknown.
 */
const struct region *regions_default(const struct sysroot *sysroot,
				     const struct vec *regions);

#endif
