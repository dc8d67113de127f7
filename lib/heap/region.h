/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMA regions, as sysfs and debugfs show them. */
#ifndef HEAP_REGION_H
#define HEAP_REGION_H

#include <stdbool.h>

#include "core/context.h"
#include "heap/number.h"
#include "heap/pieces.h"
#include "util/vec.h"

/**
 * struct region - a CMA region
 * @name: its name
 * @size: bytes
 * @used: bytes
 * @largest: bytes of the longest free run
 * @has_pieces: whether @pieces are known
 * @pieces: its free runs
 * @alloc_least: bytes that fit in one piece for certain
 * @alloc_most: bytes that may fit, depending on the kernel's alignment
 */
struct region {
	char name[64]; /* CMA_MAX_NAME of the kernel */
	struct opt_u64 size, used, largest;
	bool has_pieces;
	struct pieces pieces;
	struct opt_u64 alloc_least, alloc_most;
};

/*
 * Fills @regions, a vec of struct region sorted by name. When figures of a
 * region are missing, @error has the reason, else its err is 0. Return: 0 or
 * -ENOMEM.
 */
int regions_read(const struct sysroot *sysroot, struct vec *regions,
		 struct dmabuf_error *error);

/* Return: bytes of the largest buffer that can be allocated now. */
struct opt_u64 region_largest_alloc(const struct region *region);

/* Whether all figures of the region are known but the largest buffer. */
bool region_is_known(const struct region *region);

/* Return: the region of this name, or NULL. @regions are sorted. */
const struct region *regions_find(const struct vec *regions, const char *name);

#endif
