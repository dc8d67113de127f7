/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the name of a heap says about its memory. */
#ifndef HEAP_HEAP_NAME_H
#define HEAP_HEAP_NAME_H

#include "heap/region.h"

/*
 * Whether its buffers are of any free memory: "system", "system-dma32",
 * "system_cc_shared".
 */
bool heap_is_system(const char *heap);

/* Whether it is another heap's memory without caching, as vendors have it. */
bool heap_is_uncached(const char *heap);

/*
 * Finds the region a heap allocates from. Return: the region, or NULL when it
 * is unknown, or the heap has none.
 */
const struct region *heap_region(const struct sysroot *sysroot,
				 const struct vec *regions, const char *heap);

#endif
