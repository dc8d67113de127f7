/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why figures of CMA regions are not known. */
#ifndef HEAP_REGION_GAPS_H
#define HEAP_REGION_GAPS_H

#include <stdbool.h>

#include "core/context.h"
#include "heap/region.h"
#include "util/vec.h"

#define REGIONS_DEBUGFS "sys/kernel/debug/cma"

/**
 * struct regions_source - what was read of all regions
 * @sum: the size of all of them together
 * @open: 0, or the -errno of opening their folder in debugfs
 * @cut: whether names may be cut
 * @has_page: whether the size of a page is known
 */
struct regions_source {
	struct opt_u64 sum;
	int open;
	bool cut, has_page;
};

/* Sets @error to why figures are missing; its err is 0 if none is. */
void regions_explain(const struct vec *regions,
		     const struct regions_source *source,
		     struct dmabuf_error *error);

/* Sets @error to why the largest buffer of a region is not known. */
void region_explain_alloc(const struct sysroot *sysroot,
			  const struct region *region,
			  struct dmabuf_error *error);

#endif
