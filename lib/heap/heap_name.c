// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/heap_name.h"

#include <stdio.h>
#include <string.h>

#include "heap/default_region.h"
#include "heap/node.h"

#define SYSTEM	 "system"
#define UNCACHED "-uncached"

bool heap_is_system(const char *heap)
{
	const size_t n = strlen(SYSTEM);

	return !strncmp(heap, SYSTEM, n) && strchr("-_", heap[n]);
}

bool heap_is_uncached(const char *heap)
{
	const size_t n = strlen(heap), end = strlen(UNCACHED);

	return n > end && !strcmp(heap + n - end, UNCACHED);
}

const struct region *heap_region(const struct sysroot *sysroot,
				 const struct vec *regions, const char *heap)
{
	char cached[sizeof(((struct heap_node *)0)->name)];
	const struct region *region;

	/* A region may have the name of the system heap, which has none. */
	if (!strcmp(heap, SYSTEM))
		return NULL;
	if (!strcmp(heap, HEAP_DEFAULT_CMA))
		return regions_default(sysroot, regions);
	region = regions_find(regions, heap);
	if (region)
		return region;
	if (!strcmp(heap, HEAP_VENDOR_CMA))
		return regions_default(sysroot, regions);
	if (!heap_is_uncached(heap))
		return NULL;
	snprintf(cached, sizeof(cached), "%.*s",
		 (int)(strlen(heap) - strlen(UNCACHED)), heap);
	return heap_region(sysroot, regions, cached);
}
