// SPDX-License-Identifier: GPL-2.0
/*
 * The names of heaps: each node is a heap of its own, its buffers are named after it,
 * and CMA regions are heaps under the names that
 * Documentation/userspace-api/dma-buf-heaps.rst gives them.
 *
 * Arguments are names of heaps that must be there, or, with a '-' before the name, must
 * not. Run it as root. Without sysfs or debugfs of CMA, what needs them is skipped.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/dma-heap.h>

#include "../kselftest.h"

#define HEAPS	"/dev/dma_heap"
#define SYSFS	"/sys/kernel/mm/cma"
#define DEBUGFS "/sys/kernel/debug/cma"
#define OF	"/proc/device-tree/reserved-memory"
#define DEFAULT "default_cma_region"

struct names {
	char name[64][64];
	int n;
};

static void add(struct names *names, const char *name)
{
	if (names->n < 64)
		snprintf(names->name[names->n++], 64, "%.63s", name);
}

static void list(const char *folder, struct names *names)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	names->n = 0;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			add(names, entry->d_name);
	if (dir)
		closedir(dir);
}

static bool has(const struct names *names, const char *name)
{
	int i;

	for (i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return true;
	return false;
}

/*
 * Regions by their names, in debugfs of v5.10 with "cma-" before them, and cut after
 * 15 bytes: those are left out.
 */
static void list_regions(struct names *regions)
{
	struct names folders;
	int i;

	list(SYSFS, regions);
	if (regions->n)
		return;
	list(DEBUGFS, &folders);
	for (i = 0; i < folders.n; i++)
		if (strncmp(folders.name[i], "cma-", 4))
			add(regions, folders.name[i]);
		else if (strlen(folders.name[i]) < 15)
			add(regions, folders.name[i] + 4);
}

static long long read_number(const char *format, const char *region)
{
	long long number = -1;
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), format, region);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%lld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

/* A number that grows when pages of a region are allocated; -1 when there is none. */
static long long pages_of(const char *region)
{
	static const char *const files[] = {
		SYSFS "/%s/alloc_pages_success",
		DEBUGFS "/%s/used",
		DEBUGFS "/cma-%s/used",
	};
	long long number = -1;
	unsigned int i;

	for (i = 0; i < 3 && number < 0; i++)
		number = read_number(files[i], region);
	return number;
}

static int allocate(const char *heap)
{
	struct dma_heap_allocation_data data = {
		.len = 4 * sysconf(_SC_PAGESIZE),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), HEAPS "/%s", heap);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = ioctl(fd, DMA_HEAP_IOCTL_ALLOC, &data) ? -errno : (int)data.fd;
	close(fd);
	return ret;
}

static bool exporter_is(int fd, const char *name)
{
	char path[64], line[256], want[256];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	snprintf(want, sizeof(want), "exp_name:\t%s\n", name);
	file = fopen(path, "r");
	while (file && !found && fgets(line, sizeof(line), file))
		found = !strcmp(line, want);
	if (file)
		fclose(file);
	return found;
}

static void test_devices(const struct names *heaps)
{
	struct stat st, other;
	char path[128];
	bool good = heaps->n > 0;
	int i, k;

	for (i = 0; i < heaps->n; i++) {
		snprintf(path, sizeof(path), HEAPS "/%s", heaps->name[i]);
		good = good && !stat(path, &st) && S_ISCHR(st.st_mode);
		for (k = 0; k < i && good; k++) {
			snprintf(path, sizeof(path), HEAPS "/%s", heaps->name[k]);
			good = !stat(path, &other) && other.st_rdev != st.st_rdev;
		}
	}
	ksft_test_result(good, "names.each_has_its_device\n");
}

static void test_exporters(const struct names *heaps)
{
	bool good = heaps->n > 0;
	int i, fd;

	for (i = 0; i < heaps->n; i++) {
		fd = allocate(heaps->name[i]);
		if (fd < 0 || !exporter_is(fd, heaps->name[i])) {
			ksft_print_msg("%s: %s\n", heaps->name[i],
				       fd < 0 ? strerror(-fd) : "another exporter");
			good = false;
		}
		if (fd >= 0)
			close(fd);
	}
	ksft_test_result(good, "names.buffers_are_named_after_their_heap\n");
}

static bool is_marked(const char *region)
{
	char path[256];

	snprintf(path, sizeof(path), OF "/%s/linux,cma-default", region);
	return !access(path, F_OK);
}

/*
 * The default region: the one that the device tree marks, which the kernel leaves out
 * when the command line has cma=, else the kernel's own. Which of several it is nobody
 * tells: "".
 */
static const char *default_region(const struct names *regions)
{
	const char *found = NULL;
	int i;

	for (i = 0; i < regions->n; i++)
		if (is_marked(regions->name[i]))
			found = found ? "" : regions->name[i];
	return found ?: "reserved";
}

/* Those of hugetlb and of NUMA nodes are for allocators, not for programs. */
static bool is_for_allocators(const char *region)
{
	static const char *const kinds[] = { "hugetlb", "numa", "pernuma", NULL };
	const char *const *kind;
	size_t length;

	for (kind = kinds; *kind; kind++) {
		length = strlen(*kind);
		if (!strncmp(region, *kind, length) && region[length] &&
		    !region[length + strspn(region + length, "0123456789")])
			return true;
	}
	return false;
}

static void test_regions(const struct names *heaps, const struct names *regions)
{
	const char *region, *heap, *wanted = default_region(regions);
	bool good = true;
	int i;

	if (!regions->n) {
		ksft_test_result_skip("names.regions_are_heaps: no region is shown\n");
		return;
	}
	for (i = 0; i < regions->n; i++) {
		region = regions->name[i];
		heap = strcmp(region, wanted) ? region : DEFAULT;
		if (!wanted[0] && is_marked(region) && !has(heaps, region))
			heap = DEFAULT;
		/* One that could not be set up has no memory, and no heap. */
		if (!read_number(DEBUGFS "/%s/count", region))
			continue;
		if (has(heaps, heap) == is_for_allocators(region)) {
			ksft_print_msg("the region %s: %s heap %s\n", region,
				       has(heaps, heap) ? "a" : "no", heap);
			good = false;
		}
	}
	ksft_test_result(good, "names.regions_are_heaps\n");
}

static bool is_from(const char *heap, const char *region)
{
	long long before = pages_of(region);
	int fd = allocate(heap);
	bool grew = pages_of(region) >= before + 4;

	if (fd < 0)
		return false;
	close(fd);
	if (!grew)
		ksft_print_msg("a buffer of %s is not from the region %s\n", heap, region);
	return grew;
}

/* The region that a heap is of: one may be called system, that heap is of none. */
static const char *region_of(const char *heap, const struct names *regions)
{
	if (!strcmp(heap, "system"))
		return "";
	return strcmp(heap, DEFAULT) ? heap : default_region(regions);
}

static void test_memory(const struct names *heaps, const struct names *regions)
{
	const char *heap, *region;
	bool good = true;
	int i, tried = 0;

	for (i = 0; i < heaps->n; i++) {
		heap = heaps->name[i];
		region = region_of(heap, regions);
		if (!has(regions, region) || pages_of(region) < 0)
			continue;
		good = is_from(heap, region) && good;
		tried++;
	}
	if (tried)
		ksft_test_result(good, "names.buffers_are_of_their_region\n");
	else
		ksft_test_result_skip("names.buffers_are_of_their_region: no figures\n");
}

int main(int argc, char **argv)
{
	struct names heaps, regions;
	bool wanted;
	int i;

	ksft_print_header();
	ksft_set_plan(4 + argc - 1);
	list(HEAPS, &heaps);
	list_regions(&regions);

	test_devices(&heaps);
	test_exporters(&heaps);
	test_regions(&heaps, &regions);
	test_memory(&heaps, &regions);
	for (i = 1; i < argc; i++) {
		wanted = argv[i][0] != '-';
		ksft_test_result(has(&heaps, argv[i] + !wanted) == wanted, "names.has_%s%s\n",
				 wanted ? "" : "no_", argv[i] + !wanted);
	}
	if (ksft_get_fail_cnt())
		ksft_exit_fail();
	ksft_exit_pass();
}
