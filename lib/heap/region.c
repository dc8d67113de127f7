// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap/node.h"
#include "heap/page_size.h"
#include "heap/region.h"
#include "util/cleanup.h"
#include "util/u64.h"
#include "util/scan.h"

#define SYSFS	"sys/kernel/mm/cma"
#define DEBUGFS "sys/kernel/debug/cma"

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
	return regions->n ? bsearch(name, regions->data, regions->n,
				    regions->each, compare_with_name)
			  : NULL;
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

/* Reads a number of pages from a file of a region. */
static struct opt_u64 read_pages(const struct sysroot *sysroot,
				 const char *folder, const char *region,
				 const char *file)
{
	struct opt_u64 value = {};
	char path[256], line[32];
	struct scan text;

	snprintf(path, sizeof(path), "%s/%s/%s", folder, region, file);
	if (sysroot_read_line(sysroot, path, line, sizeof(line)))
		return value;
	text = (struct scan){ line, line + strlen(line) };
	value.known =
		scan_number(&text, 10, &value.number) && text.at == text.end;
	return value;
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
	const char *name = region->name;

	learn(&region->size, read_pages(sysroot, SYSFS, name, "total_pages"));
	learn(&region->used, less(region->size, read_pages(sysroot, SYSFS, name,
							   "available_pages")));
	learn(&region->used,
	      less(read_pages(sysroot, SYSFS, name, "alloc_pages_success"),
		   read_pages(sysroot, SYSFS, name, "release_pages_success")));
}

static void read_debugfs(const struct sysroot *sysroot, const char *folder,
			 struct region *region)
{
	learn(&region->size, read_pages(sysroot, DEBUGFS, folder, "count"));
	learn(&region->used, read_pages(sysroot, DEBUGFS, folder, "used"));
	learn(&region->largest,
	      read_pages(sysroot, DEBUGFS, folder, "maxchunk"));
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
			    int *ret_open, bool *ret_cut)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const size_t known = regions->n;
	const char *folder, *name;
	struct region *region;
	bool prefixes;
	int r = 0;

	vec_sort(regions, compare_names);
	*ret_open = sysroot_opendir(sysroot, SYSROOT_TOP, DEBUGFS, &dir);
	if (*ret_open)
		return *ret_open == -ENOMEM ? -ENOMEM : 0;
	prefixes = has_prefixes(dir);
	while (!r && (folder = next_name(dir))) {
		name = folder;
		if (prefixes && !find_known(regions, known, name)) {
			if (is_cut(folder)) {
				*ret_cut = true;
				continue;
			}
			name += sizeof(prefix) - 1;
		}
		r = find_or_add(regions, known, name, &region);
		if (!r && region)
			read_debugfs(sysroot, folder, region);
	}
	return r;
}

/* A line such as "CmaTotal:          65536 kB", as bytes. */
static bool take_sum(const char *line, struct opt_u64 *ret)
{
	struct scan text = { line, line + strcspn(line, "\n") };
	uint64_t number;

	if (!scan_word(&text, "CmaTotal:"))
		return false;
	while (scan_word(&text, " "))
		;
	if (!scan_number(&text, 10, &number) || !scan_word(&text, " kB") ||
	    text.at != text.end)
		return false;
	ret->known = true;
	ret->number = u64_sat_mul(number, 1024);
	return true;
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
	while (fgets(line, sizeof(line), file) && !take_sum(line, ret))
		;
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
	}
	return page > 0;
}

bool region_is_known(const struct region *region)
{
	return region->size.known && region->used.known &&
	       region->largest.known;
}

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
	error_set(error, open ?: -ENODATA, "/" DEBUGFS ": %s",
		  sysroot_strerror(open ?: -ENODATA));
	error_hint(error, open == -EACCES ? "run as root"
					  : "mount debugfs there, and boot a "
					    "kernel with CONFIG_CMA_DEBUGFS=y");
}

static void explain_cut(struct dmabuf_error *error)
{
	error_set(error, -ENODATA,
		  "/" DEBUGFS
		  ": this kernel cuts names of regions, which those "
		  "of 11 bytes or more may be");
	error_hint(error, "use names of at most 10 bytes for regions");
}

static void explain_page(struct dmabuf_error *error)
{
	error_set(error, -ENODATA,
		  "/" DEBUGFS ": the size of this machine's pages was not "
		  "recorded");
	error_hint(error, "record the machine again, with tools/record-root");
}

int regions_read(const struct sysroot *sysroot, struct vec *regions,
		 struct dmabuf_error *error)
{
	struct opt_u64 sum = {};
	bool cut = false, has_page;
	int r, open = 0;

	r = add_from_sysfs(sysroot, regions)
		    ?: add_from_debugfs(sysroot, regions, &open, &cut)
		    ?: read_sum(sysroot, &sum);
	if (r)
		return r;
	has_page = make_bytes(sysroot, regions, cut ? (struct opt_u64){} : sum);
	/* The sum of all regions is the size of the only one. */
	if (regions->n == 1 && !cut)
		learn(&((struct region *)vec_at(regions, 0))->size, sum);
	vec_sort(regions, compare_names);
	*error = (struct dmabuf_error){};
	if (cut)
		explain_cut(error);
	else if (regions->n && !has_page)
		explain_page(error);
	else if (!is_whole(regions, sum))
		explain(open, error);
	return 0;
}
