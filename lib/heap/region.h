/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMA regions, as sysfs and debugfs show them. */
#ifndef HEAP_REGION_H
#define HEAP_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/context.h"
#include "util/vec.h"

/* A number that may be unknown. */
struct opt_u64 {
	bool known;
	uint64_t number;
};

struct region {
	char name[64]; /* CMA_MAX_NAME of the kernel */
	struct opt_u64 size, used, largest; /* bytes */
};

/*
 * Fills @regions, a vec of struct region sorted by name. When figures of a
 * region are missing, @error has the reason, else its err is 0. Return: 0 or
 * -ENOMEM.
 */
int regions_read(const struct sysroot *sysroot, struct vec *regions,
		 struct dmabuf_error *error);

/* Whether all figures of the region are known. */
bool region_is_known(const struct region *region);

/* Return: the region of this name, or NULL. @regions are sorted. */
const struct region *regions_find(const struct vec *regions, const char *name);

#endif
