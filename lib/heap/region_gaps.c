// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/region_gaps.h"

#include <errno.h>

#include "heap/memory.h"
#include "heap/region.h"

static bool is_whole(const struct vec *regions, struct opt_u64 sum)
{
	const struct region *region = NULL;

	while ((region = vec_next(regions, region)))
		if (!region_is_known(region))
			return false;
	/* Without sysfs, regions are known only with access to debugfs. */
	return regions->n || !sum.known || !sum.number;
}

static void explain(int open, struct dmabuf_error *error)
{
	error_set(error, open ?: -ENODATA, "/" REGIONS_DEBUGFS ": %s",
		  sysroot_strerror(open ?: -ENODATA));
	if (open == -EACCES)
		error_hint_capability(error, "CAP_DAC_READ_SEARCH");
	else
		error_hint(error, "mount debugfs there, and boot a kernel with "
				  "CONFIG_CMA_DEBUGFS=y");
}

static void explain_cut(struct dmabuf_error *error)
{
	error_set(error, -ENODATA,
		  "/" REGIONS_DEBUGFS
		  ": this kernel cuts names of regions, which those "
		  "of 11 bytes or more may be");
	error_hint(error, "use names of at most 10 bytes for regions");
}

static void explain_page(struct dmabuf_error *error)
{
	error_set(error, -ENODATA,
		  "/" REGIONS_DEBUGFS
		  ": the size of this machine's pages was not "
		  "recorded");
	error_hint(error, "record the machine again, with tools/record-root");
}

void regions_explain(const struct vec *regions,
		     const struct regions_source *source,
		     struct dmabuf_error *error)
{
	*error = (struct dmabuf_error){};
	if (source->cut)
		explain_cut(error);
	else if (regions->n && !source->has_page)
		explain_page(error);
	else if (!is_whole(regions, source->sum))
		explain(source->open, error);
}

void region_explain_alloc(const struct sysroot *sysroot,
			  const struct region *region,
			  struct dmabuf_error *error)
{
	char least[24], most[24];

	if (!region->has_pieces) {
		error_set(error, -ENODATA,
			  "'%s': its bitmap in /" REGIONS_DEBUGFS " %s",
			  region->name,
			  sysroot_is_live(sysroot) ? "cannot be read"
						   : "was not recorded");
		if (!sysroot_is_live(sysroot))
			error_hint(error, "record the machine again, with "
					  "tools/record-root");
		return;
	}
	heap_say_bytes(region->alloc_least.number, least, sizeof(least));
	heap_say_bytes(region->alloc_most.number, most, sizeof(most));
	error_set(error, -ENODATA,
		  "'%s': from %s to %s, since CONFIG_CMA_ALIGNMENT is not "
		  "known",
		  region->name, least, most);
	error_hint(error, "install the kernel's configuration as "
			  "/boot/config-RELEASE, or boot a kernel with "
			  "CONFIG_IKCONFIG_PROC=y");
}
