// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/default_region.h"

#include <stdio.h>

#define RESERVED "proc/device-tree/reserved-memory"

/* Whether the device tree node of this name has @file. */
static bool is_in_tree(const struct sysroot *sysroot, const char *name,
		       const char *file)
{
	char path[320];

	snprintf(path, sizeof(path), RESERVED "/%s/%s", name, file);
	return sysroot_has(sysroot, path);
}

bool region_is_marked(const struct sysroot *sysroot, const char *name)
{
	return is_in_tree(sysroot, name, "linux,cma-default");
}

bool region_is_of_tree(const struct sysroot *sysroot, const char *name)
{
	return is_in_tree(sysroot, name, ".");
}

/*
 * When several regions are marked, the kernel uses one and does not show which.
 * The kernel's own region is called "reserved"; when the device tree has a
 * region of this name, too, the two cannot be told apart.
 */
const struct region *regions_default(const struct sysroot *sysroot,
				     const struct vec *regions)
{
	const struct region *region = NULL, *marked = NULL;
	size_t n = 0;

	while ((region = vec_next(regions, region)))
		if (region_is_marked(sysroot, region->name)) {
			marked = region;
			n++;
		}
	if (!n && !region_is_of_tree(sysroot, "reserved"))
		return regions_find(regions, "reserved");
	return n == 1 ? marked : NULL;
}
