// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "heap/alignment.h"
#include "heap/node.h"
#include "heap/page_size.h"
#include "heap/region.h"
#include "heap/region_gaps.h"
#include "util/cleanup.h"
#include "util/u64.h"

#define SYSFS	"sys/kernel/mm/cma"
#define DEBUGFS REGIONS_DEBUGFS

static int compare_names(const void *left, const void *right)
{
	const struct region *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int compare_with_name(const void *name, const void *region)
{
	return strcmp(name, ((const struct region *)region)->name);
}

const struct region *regions_find(const struct vec *regions, const char *name)
{
	return vec_find(regions, name, compare_with_name);
}

/* Return: the next name that is not hidden, or NULL at the end. */
static const char *next_name(DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			return entry->d_name;
	return NULL;
}

static struct opt_u64 less(struct opt_u64 a, struct opt_u64 b)
{
	return (struct opt_u64){
		.known = a.known && b.known && a.number >= b.number,
		.number = a.number - b.number,
	};
}

/* Sets a value unless it is known already. */
static void learn(struct opt_u64 *value, struct opt_u64 other)
{
	if (!value->known)
		*value = other;
}

static void read_sysfs(const struct sysroot *sysroot, struct region *region)
{
	char folder[128];

	snprintf(folder, sizeof(folder), SYSFS "/%s", region->name);
	learn(&region->size, number_read(sysroot, folder, "total_pages"));
	learn(&region->used,
	      less(region->size,
		   number_read(sysroot, folder, "available_pages")));
	learn(&region->used,
	      less(number_read(sysroot, folder, "alloc_pages_success"),
		   number_read(sysroot, folder, "release_pages_success")));
}

/* @name: of its folder. Return: 0 or -ENOMEM. */
static int read_debugfs(const struct sysroot *sysroot, const char *name,
			struct region *region)
{
	char folder[128];
	int r;

	snprintf(folder, sizeof(folder), DEBUGFS "/%s", name);
	learn(&region->size, number_read(sysroot, folder, "count"));
	learn(&region->used, number_read(sysroot, folder, "used"));
	learn(&region->largest, number_read(sysroot, folder, "maxchunk"));
	if (!region->size.known)
		return 0;
	r = pieces_read(sysroot, folder, region->size.number, &region->pieces);
	region->has_pieces = !r;
	return r == -ENOMEM ? r : 0;
}

static int add(struct vec *regions, const char *name)
{
	struct region region = {};

	/* Only a recorded tree has longer names, or so many regions. */
	if (strlen(name) >= sizeof(region.name) || regions->n == HEAP_NODES_MAX)
		return 0;
	strcpy(region.name, name);
	return vec_push(regions, &region);
}

static int add_from_sysfs(const struct sysroot *sysroot, struct vec *regions)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const char *name;
	int r = 0;

	r = sysroot_opendir(sysroot, SYSROOT_TOP, SYSFS, &dir);
	if (r)
		return r == -ENOMEM ? r : 0;
	while (!r && (name = next_name(dir))) {
		r = add(regions, name);
		if (!r && regions->n)
			read_sysfs(sysroot, vec_at(regions, regions->n - 1));
	}
	return r;
}

static const char prefix[] = "cma-";

/*
 * Whether all folders have "cma-" before the name of their region, as in v5.10.
 * In v6.1 they have only the name, which may begin with "cma-", too.
 */
static bool has_prefixes(DIR *dir)
{
	const char *folder;
	bool all = true;

	while (all && (folder = next_name(dir)))
		all = !strncmp(folder, prefix, sizeof(prefix) - 1);
	rewinddir(dir);
	return all;
}

/* Finds one of the first @n regions, which are sorted. */
static struct region *find_known(const struct vec *regions, size_t n,
				 const char *name)
{
	struct vec known = *regions;

	known.n = n;
	return (struct region *)regions_find(&known, name);
}

/* @ret takes NULL for a name that no region can have. */
static int find_or_add(struct vec *regions, size_t known, const char *name,
		       struct region **ret)
{
	const size_t n = regions->n;
	int r = 0;

	*ret = find_known(regions, known, name);
	if (*ret)
		return 0;
	r = add(regions, name);
	if (!r && regions->n > n)
		*ret = vec_at(regions, n);
	return r;
}

/* v5.10 has room for 15 bytes: a name of this length may be cut. */
static bool is_cut(const char *folder)
{
	return strlen(folder) >= 15;
}

static int add_from_debugfs(const struct sysroot *sysroot, struct vec *regions,
			    struct regions_source *source)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const size_t known = regions->n;
	const char *folder, *name;
	struct region *region;
	bool prefixes;
	int r = 0;

	vec_sort(regions, compare_names);
	source->open = sysroot_opendir(sysroot, SYSROOT_TOP, DEBUGFS, &dir);
	if (source->open)
		return source->open == -ENOMEM ? -ENOMEM : 0;
	prefixes = has_prefixes(dir);
	while (!r && (folder = next_name(dir))) {
		name = folder;
		if (prefixes && !find_known(regions, known, name)) {
			if (is_cut(folder)) {
				source->cut = true;
				continue;
			}
			name += sizeof(prefix) - 1;
		}
		r = find_or_add(regions, known, name, &region);
		if (!r && region)
			r = read_debugfs(sysroot, folder, region);
	}
	return r;
}

/*
 * Reads the total size of all regions. There is no such sum of used memory:
 * CmaFree does not count pages that hold movable memory.
 */
static int read_sum(const struct sysroot *sysroot, struct opt_u64 *ret)
{
	_cleanup_fclose_ FILE *file = NULL;
	char line[128];
	int r;

	r = sysroot_fopen(sysroot, SYSROOT_TOP, "proc/meminfo", &file);
	if (r)
		return r == -ENOMEM ? r : 0;
	while (!ret->known && fgets(line, sizeof(line), file))
		ret->known = number_of_kib(line, "CmaTotal:", &ret->number);
	return 0;
}

static void to_bytes(struct opt_u64 *value, uint64_t page)
{
	value->known &= page > 0;
	value->number = u64_sat_mul(value->number, page);
}

/*
 * Turns pages into bytes. @sum is the size of all regions. Return: whether the
 * size of a page is known; without it, no number of pages is.
 */
static bool make_bytes(const struct sysroot *sysroot, struct vec *regions,
		       struct opt_u64 sum)
{
	struct region *region = NULL;
	uint64_t pages = 0, page;

	while (sum.known && (region = vec_next(regions, region))) {
		pages = u64_sat_add(pages, region->size.number);
		sum.known = region->size.known;
	}
	page = page_size_find(sysroot, sum.known ? pages : 0, sum.number);
	region = NULL;
	while ((region = vec_next(regions, region))) {
		to_bytes(&region->size, page);
		to_bytes(&region->used, page);
		to_bytes(&region->largest, page);
		to_bytes(&region->alloc_least, page);
		to_bytes(&region->alloc_most, page);
	}
	return page > 0;
}

/* Finds the largest buffer of each region, in pages, for each alignment. */
static void find_largest(struct vec *regions, unsigned int least,
			 unsigned int most)
{
	struct region *region = NULL;

	while ((region = vec_next(regions, region))) {
		region->alloc_least.known = region->alloc_most.known =
			region->has_pieces;
		region->alloc_least.number =
			pieces_largest(&region->pieces, most);
		region->alloc_most.number =
			pieces_largest(&region->pieces, least);
	}
}

static bool depends_on_alignment(const struct vec *regions)
{
	const struct region *region = NULL;

	while ((region = vec_next(regions, region)))
		if (region->alloc_least.number != region->alloc_most.number)
			return true;
	return false;
}

/* The configuration of the kernel is read only if it matters. */
static int read_largest(const struct sysroot *sysroot, struct vec *regions)
{
	struct opt_u64 alignment;
	int r;

	find_largest(regions, CMA_ALIGNMENT_LEAST, CMA_ALIGNMENT_MOST);
	if (!depends_on_alignment(regions))
		return 0;
	r = alignment_read(sysroot, &alignment);
	if (!r && alignment.known)
		find_largest(regions, alignment.number, alignment.number);
	return r;
}

struct opt_u64 region_largest_alloc(const struct region *region)
{
	struct opt_u64 largest = region->alloc_least;

	largest.known &= region->alloc_most.known &&
			 largest.number == region->alloc_most.number;
	return largest;
}

bool region_is_known(const struct region *region)
{
	return region->size.known && region->used.known &&
	       region->largest.known;
}

int regions_read(const struct sysroot *sysroot, struct vec *regions,
		 struct dmabuf_error *error)
{
	struct regions_source source = {};
	int r;

	r = add_from_sysfs(sysroot, regions)
		    ?: add_from_debugfs(sysroot, regions, &source)
		    ?: read_sum(sysroot, &source.sum)
		    ?: read_largest(sysroot, regions);
	if (r)
		return r;
	source.has_page = make_bytes(
		sysroot, regions, source.cut ? (struct opt_u64){} : source.sum);
	/* The sum of all regions is the size of the only one. */
	if (regions->n == 1 && !source.cut)
		learn(&((struct region *)vec_at(regions, 0))->size, source.sum);
	vec_sort(regions, compare_names);
	regions_explain(regions, &source, error);
	return 0;
}
