/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMA regions, and what sysfs and debugfs tell of them. */
#ifndef HEAP_REGION_H
#define HEAP_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/context.h"
#include "util/vec.h"

/* A number that may not be known. */
struct opt_u64 {
	bool known;
	uint64_t number;
};

struct region {
	char name[64]; /* CMA_MAX_NAME of the kernel */
	struct opt_u64 size, used, largest; /* bytes */
};

/*
 * Fills @regions, a vec of struct region sorted by name. @error takes the
 * reason when figures of one are missing, else its err is 0. Return: 0 or
 * -ENOMEM.
 */
int regions_read(const struct sysroot *sysroot, struct vec *regions,
		 struct dmabuf_error *error);

/* Whether no figure of it is missing. */
bool region_is_known(const struct region *region);

/* Finds a region by its name. Return: it, or NULL. */
const struct region *regions_find(const struct vec *regions, const char *name);

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
