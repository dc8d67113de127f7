// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap/default_region.h"
#include "heap/memory.h"
#include "heap/region_gaps.h"
#include "tests/unit/unit.h"

#define SYSFS	"sys/kernel/mm/cma"
#define DEBUGFS "sys/kernel/debug/cma"
#define OF	"proc/device-tree/reserved-memory"

static const struct opt_u64 unknown;

static struct sysroot sysroot;
static struct vec regions = VEC_OF(struct region);
static struct dmabuf_error error;

/* The size of pages, as tools/record-root stores it; 0: none was recorded. */
static void set_page_size(uint64_t bytes)
{
	char text[64] = "";

	if (bytes)
		snprintf(text, sizeof(text), "KernelPageSize:     %4llu kB\n",
			 (unsigned long long)bytes / 1024);
	unit_tree_add(sysroot.dir, "proc/self/smaps", text, strlen(text));
}

static int setup(void **state)
{
	(void)state;
	sysroot.dir = unit_tree();
	set_page_size(sysconf(_SC_PAGESIZE));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vec_fini(&regions);
	unit_tree_free((char *)sysroot.dir);
	return 0;
}

static void add(const char *folder, const char *region, const char *file,
		const char *text)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s/%s", folder, region, file);
	unit_tree_add(sysroot.dir, path, text, strlen(text));
}

static void add_meminfo(const char *text)
{
	unit_tree_add(sysroot.dir, "proc/meminfo", text, strlen(text));
}

static void add_debugfs(const char *folder, const char *count, const char *used,
			const char *maxchunk)
{
	add(DEBUGFS, folder, "count", count);
	add(DEBUGFS, folder, "used", used);
	add(DEBUGFS, folder, "maxchunk", maxchunk);
}

static void take(void)
{
	vec_fini(&regions);
	memset(&error, 'x', sizeof(error));
	assert_int_equal(regions_read(&sysroot, &regions, &error), 0);
}

static void take_whole(void)
{
	take();
	assert_int_equal(error.err, 0);
	assert_string_equal(error.text, "");
	assert_string_equal(error.hint, "");
}

static void take_part(int err)
{
	take();
	assert_int_equal(error.err, err);
	assert_non_null(strstr(error.text, "/" DEBUGFS ": "));
	assert_string_not_equal(error.hint, "");
}

static struct opt_u64 pages(uint64_t n)
{
	return (struct opt_u64){ true, n * sysconf(_SC_PAGESIZE) };
}

static struct opt_u64 bytes(uint64_t n)
{
	return (struct opt_u64){ true, n };
}

static void check_value(struct opt_u64 value, struct opt_u64 expected)
{
	assert_int_equal(value.known, expected.known);
	if (value.known)
		assert_true(value.number == expected.number);
}

static void check(const char *name, struct opt_u64 size, struct opt_u64 used,
		  struct opt_u64 largest)
{
	const struct region *region = regions_find(&regions, name);

	assert_non_null(region);
	assert_string_equal(region->name, name);
	check_value(region->size, size);
	check_value(region->used, used);
	check_value(region->largest, largest);
}

static void test_nothing_there(void **state)
{
	struct sysroot nowhere = { "/nonexistent" };

	(void)state;
	take_whole();
	assert_int_equal(regions.n, 0);
	assert_null(regions_find(&regions, "reserved"));
	assert_null(regions_default(&sysroot, &regions));

	assert_int_equal(regions_read(&nowhere, &regions, &error), 0);
	assert_int_equal(regions.n, 0);
	assert_int_equal(error.err, 0);
}

static void test_sysfs_of_7_3(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "total_pages", "16384\n");
	add(SYSFS, "reserved", "available_pages", "16000\n");
	add(SYSFS, "reserved", "alloc_pages_success", "999\n");
	add(SYSFS, "reserved", "release_pages_success", "0\n");
	take_part(-ENOENT);
	assert_int_equal(regions.n, 1);
	check("reserved", pages(16384), pages(384), unknown);
}

static void test_sysfs_of_6_12(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	add(SYSFS, "reserved", "release_pages_success", "116\n");
	take_part(-ENOENT);
	check("reserved", unknown, pages(384), unknown);
}

/* The pages allocated are useless without the pages released. */
static void test_sysfs_of_6_1(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	take_part(-ENOENT);
	check("reserved", unknown, unknown, unknown);
}

static void test_debugfs(void **state)
{
	(void)state;
	add_debugfs("reserved", "16384\n", "384\n", "8192\n");
	add_debugfs("camera", "4096\n", "0\n", "4096\n");
	take_whole();
	assert_int_equal(regions.n, 2);
	assert_string_equal(((struct region *)vec_at(&regions, 0))->name,
			    "camera");
	check("camera", pages(4096), pages(0), pages(4096));
	check("reserved", pages(16384), pages(384), pages(8192));
}

static void test_debugfs_of_5_10(void **state)
{
	(void)state;
	add_debugfs("cma-reserved", "16384\n", "384\n", "8192\n");
	add_debugfs("cma-camera", "4096\n", "0\n", "4096\n");
	take_whole();
	assert_int_equal(regions.n, 2);
	check("camera", pages(4096), pages(0), pages(4096));
	check("reserved", pages(16384), pages(384), pages(8192));
}

static void test_sysfs_and_debugfs_are_of_one_region(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	add(SYSFS, "reserved", "release_pages_success", "116\n");
	/* A second, later source does not replace known values. */
	add_debugfs("reserved", "16384\n", "385\n", "8192\n");
	take_whole();
	assert_int_equal(regions.n, 1);
	check("reserved", pages(16384), pages(384), pages(8192));
}

/* Its folder begins like the folders of all regions in v5.10. */
static void test_region_called_cma_x(void **state)
{
	(void)state;
	add_debugfs("x", "100\n", "1\n", "99\n");
	add_debugfs("cma-x", "200\n", "2\n", "198\n");
	take_whole();
	assert_int_equal(regions.n, 2);
	check("x", pages(100), pages(1), pages(99));
	check("cma-x", pages(200), pages(2), pages(198));

	add(SYSFS, "x", "total_pages", "100\n");
	add(SYSFS, "cma-x", "total_pages", "200\n");
	take_whole();
	assert_int_equal(regions.n, 2);
	check("x", pages(100), pages(1), pages(99));
	check("cma-x", pages(200), pages(2), pages(198));
}

static void test_region_called_cma_x_alone(void **state)
{
	(void)state;
	add(SYSFS, "cma-x", "total_pages", "200\n");
	add_debugfs("cma-x", "200\n", "2\n", "198\n");
	take_whole();
	assert_int_equal(regions.n, 1);
	check("cma-x", pages(200), pages(2), pages(198));
}

#define MEMINFO                                                                \
	"MemTotal:        1016096 kB\n"                                        \
	"CmaTotal:          65536 kB\n"                                        \
	"CmaFree:           65408 kB\n"                                        \
	"HugePages_Total:       0\n"

/* Only the size: pages missing in CmaFree may be movable ones, not in use. */
static void test_sum_of_one_region(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	add_meminfo(MEMINFO);
	take_part(-ENOENT);
	check("reserved", bytes(64 << 20), unknown, unknown);

	add(SYSFS, "reserved", "release_pages_success", "500\n");
	take_part(-ENOENT);
	check("reserved", bytes(64 << 20), pages(0), unknown);

	/* The region's own number comes before a sum of all regions. */
	add(SYSFS, "reserved", "total_pages", "16000\n");
	take_part(-ENOENT);
	check("reserved", pages(16000), pages(0), unknown);
}

static void test_sum_of_two_regions(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	add(SYSFS, "camera", "alloc_pages_success", "500\n");
	add_meminfo(MEMINFO);
	take_part(-ENOENT);
	check("reserved", unknown, unknown, unknown);
	check("camera", unknown, unknown, unknown);
}

/* There are regions then, but none of them can be seen. */
static void test_sum_of_unseen_regions(void **state)
{
	(void)state;
	add_meminfo(MEMINFO);
	take_part(-ENOENT);
	assert_int_equal(regions.n, 0);

	add_meminfo("CmaTotal:              0 kB\n");
	take_whole();
	add_meminfo("MemTotal:        1016096 kB\n");
	take_whole();
}

static void test_sum_odd(void **state)
{
	static const struct {
		const char *text;
		struct opt_u64 size;
	} cases[] = {
		{ "CmaTotal: 4 kB\n", { true, 4096 } },
		{ "CmaTotal:4 kB", { true, 4096 } },
		{ "CmaTotal: 18014398509481983 kB\n",
		  { true, UINT64_MAX - 1023 } },
		{ "CmaTotal: 18446744073709551615 kB\n", { true, UINT64_MAX } },
		{ "CmaTotal: 18446744073709551616 kB\n", {} },
		{ "CmaTotal: -1 kB\n", {} },
		{ "CmaTotal: +1 kB\n", {} },
		{ "CmaTotal: 0x4 kB\n", {} },
		{ "CmaTotal: 4\n", {} },
		{ "CmaTotal: 4 MB\n", {} },
		{ "CmaTotal: 4 kB more\n", {} },
		{ "CmaTotal: kB\n", {} },
		{ "CmaTotal:\n4 kB\n", {} },
		{ "CmaTotal\n", {} },
		{ "CmaTotals: 4 kB\n", {} },
		{ "cmatotal: 4 kB\n", {} },
		{ " CmaTotal: 4 kB\n", {} },
		{ "\n", {} },
		{ "", {} },
	};
	size_t i;

	(void)state;
	add(SYSFS, "reserved", "alloc_pages_success", "500\n");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		add_meminfo(cases[i].text);
		take_part(-ENOENT);
		check("reserved", cases[i].size, unknown, unknown);
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		bool known;
		uint64_t n;
	} cases[] = {
		{ "4\n", true, 4 },
		{ "4", true, 4 },
		{ "0\n", true, 0 },
		{ "4\n5\n", true, 4 },
		{ "", false, 0 },
		{ "\n", false, 0 },
		{ "\n4\n", false, 0 },
		{ "-1\n", false, 0 },
		{ "+1\n", false, 0 },
		{ " 4\n", false, 0 },
		{ "4 \n", false, 0 },
		{ "4x\n", false, 0 },
		{ "0x4\n", false, 0 },
		{ "many\n", false, 0 },
		{ "\xff\xfe\n", false, 0 },
		{ "18446744073709551616\n", false, 0 },
		{ "99999999999999999999\n", false, 0 },
		{ "1000000000000000000000000000000000000000\n", false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct opt_u64 value = unknown;

		if (cases[i].known)
			value = pages(cases[i].n);
		add_debugfs("reserved", cases[i].text, "1\n", "1\n");
		take();
		assert_int_equal(error.err, value.known ? 0 : -ENODATA);
		check("reserved", value, pages(1), pages(1));
		add_debugfs("reserved", "1\n", cases[i].text, "1\n");
		take();
		assert_int_equal(error.err, value.known ? 0 : -ENODATA);
		check("reserved", pages(1), value, pages(1));
		add_debugfs("reserved", "1\n", "1\n", cases[i].text);
		take();
		assert_int_equal(error.err, value.known ? 0 : -ENODATA);
		check("reserved", pages(1), pages(1), value);
	}
}

/* A number of pages can be too large in bytes: it becomes the maximum. */
static void test_numbers_stay_at_the_top(void **state)
{
	const uint64_t most = UINT64_MAX / sysconf(_SC_PAGESIZE);
	char text[3][32];

	(void)state;
	snprintf(text[0], sizeof(text[0]), "%llu\n", (unsigned long long)most);
	snprintf(text[1], sizeof(text[1]), "%llu\n",
		 (unsigned long long)most + 1);
	snprintf(text[2], sizeof(text[2]), "%llu\n",
		 (unsigned long long)UINT64_MAX);
	add_debugfs("reserved", text[0], text[1], text[2]);
	take_whole();
	check("reserved", pages(most), bytes(UINT64_MAX), bytes(UINT64_MAX));
}

/* The pages are those of the recorded machine. */
static void test_page_size(void **state)
{
	(void)state;
	add_debugfs("reserved", "4096\n", "2556\n", "126\n");
	set_page_size(16384);
	take_whole();
	check("reserved", bytes(4096 << 14), bytes(2556 << 14),
	      bytes(126 << 14));
}

/* Recordings without it: the sum of all regions tells. */
static void test_page_size_by_sum(void **state)
{
	static const char *const bad[] = {
		"CmaTotal: 0 kB\n",	   "CmaTotal: 98304 kB\n",
		"CmaTotal: 8 kB\n",	   "CmaTotal: 131076 kB\n",
		"CmaTotal: 67108864 kB\n", "MemTotal: 65536 kB\n",
	};
	size_t i;

	(void)state;
	set_page_size(0);
	add_debugfs("a", "1024\n", "1\n", "126\n");
	add_debugfs("b", "1024\n", "0\n", "1024\n");
	add_meminfo("CmaTotal: 131072 kB\n");
	take_whole();
	check("a", bytes(64 << 20), bytes(64 << 10), bytes(126 << 16));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		add_meminfo(bad[i]);
		take_part(-ENODATA);
		check("a", unknown, unknown, unknown);
	}
	add_meminfo("CmaTotal: 131072 kB\n");
	add(DEBUGFS, "b", "count", "?\n");
	take_part(-ENODATA);
	check("a", unknown, unknown, unknown);
}

/* An unknown number is better than a negative one. */
static void test_less_than_nothing(void **state)
{
	(void)state;
	add(SYSFS, "reserved", "total_pages", "100\n");
	add(SYSFS, "reserved", "available_pages", "101\n");
	take_part(-ENOENT);
	check("reserved", pages(100), unknown, unknown);

	add(SYSFS, "reserved", "alloc_pages_success", "10\n");
	add(SYSFS, "reserved", "release_pages_success", "11\n");
	take_part(-ENOENT);
	check("reserved", pages(100), unknown, unknown);

	/* The other source is used then. */
	add(SYSFS, "reserved", "release_pages_success", "4\n");
	take_part(-ENOENT);
	check("reserved", pages(100), pages(6), unknown);
	add(SYSFS, "reserved", "release_pages_success", "11\n");
	add_debugfs("reserved", "100\n", "7\n", "50\n");
	take_whole();
	check("reserved", pages(100), pages(7), pages(50));
}

static void test_all_is_free_or_used(void **state)
{
	(void)state;
	add(SYSFS, "full", "total_pages", "100\n");
	add(SYSFS, "full", "available_pages", "0\n");
	add(SYSFS, "empty", "total_pages", "100\n");
	add(SYSFS, "empty", "available_pages", "100\n");
	take_part(-ENOENT);
	check("full", pages(100), pages(100), unknown);
	check("empty", pages(100), pages(0), unknown);
}

static void add_long(size_t length, const char *prefix)
{
	char name[256];

	snprintf(name, sizeof(name), "%s%0*d", prefix, (int)length, 0);
	add_debugfs(name, "100\n", "10\n", "50\n");
	add(SYSFS, name + strlen(prefix), "total_pages", "100\n");
	add(SYSFS, name + strlen(prefix), "available_pages", "90\n");
}

static void test_long_names(void **state)
{
	char name[64];

	(void)state;
	add_long(63, "");
	add_long(64, "");
	add_long(65, "");
	add_long(250, "");
	snprintf(name, sizeof(name), "%063d", 0);
	take_whole();
	assert_int_equal(regions.n, 1);
	check(name, pages(100), pages(10), pages(50));
}

/* Names are cut after 15 bytes, so these 11 may be a whole name or not. */
static void test_long_names_of_5_10(void **state)
{
	(void)state;
	add_debugfs("cma-0123456789", "100\n", "10\n", "50\n");
	take_whole();
	check("0123456789", pages(100), pages(10), pages(50));
	add_debugfs("cma-linux,cma@7", "100\n", "10\n", "50\n");
	take_part(-ENODATA);
	assert_int_equal(regions.n, 1);
	check("0123456789", pages(100), pages(10), pages(50));
}

static void test_odd_folders(void **state)
{
	(void)state;
	/* A file instead of a region's folder, a folder instead of a number. */
	unit_tree_add(sysroot.dir, SYSFS "/file", "4\n", 2);
	add(SYSFS, "reserved", "total_pages/folder", "");
	add(SYSFS, ".hidden", "total_pages", "4\n");
	add_debugfs("name\nwith\033[31m\xff", "100\n", "10\n", "50\n");
	take_part(-ENODATA);
	assert_int_equal(regions.n, 3);
	check("file", unknown, unknown, unknown);
	check("reserved", unknown, unknown, unknown);
	check("name\nwith\033[31m\xff", pages(100), pages(10), pages(50));
}

/* Which reason and hint are given when a number is missing. */
static void test_why(void **state)
{
	char path[256];

	(void)state;
	add(SYSFS, "reserved", "total_pages", "100\n");
	add(SYSFS, "reserved", "available_pages", "90\n");
	take_part(-ENOENT);
	assert_string_equal(error.text,
			    "/" DEBUGFS ": No such file or directory");
	assert_string_equal(error.hint,
			    "mount debugfs there, and boot a kernel "
			    "with CONFIG_CMA_DEBUGFS=y");

	unit_tree_add(sysroot.dir, DEBUGFS, "", 0);
	take();
	assert_int_equal(error.err, -ENOTDIR);

	snprintf(path, sizeof(path), "%s/" DEBUGFS, sysroot.dir);
	assert_int_equal(unlink(path), 0);
	add_debugfs("other", "100\n", "10\n", "50\n");
	take_part(-ENODATA);
	assert_string_equal(error.text, "/" DEBUGFS ": No data available");
	/* One complete region does not hide an incomplete one. */
	check("other", pages(100), pages(10), pages(50));
	check("reserved", pages(100), pages(10), unknown);

	add_debugfs("reserved", "100\n", "10\n", "50\n");
	take_whole();
}

/* The map of a region of 96 pages: 64 free, 4 used, 28 free. */
static void add_bitmap(const char *region, const char *bitmap)
{
	add_debugfs(region, "96\n", "4\n", "64\n");
	add(DEBUGFS, region, "bitmap", bitmap);
	add(DEBUGFS, region, "base_pfn", "32\n");
	add(DEBUGFS, region, "order_per_bit", "0\n");
}

static void set_alignment(const char *order)
{
	char text[64];

	snprintf(text, sizeof(text), "CONFIG_CMA_ALIGNMENT=%s\n", order);
	unit_tree_add(sysroot.dir, "proc/config.gz", text, strlen(text));
}

static void check_alloc(const char *name, struct opt_u64 expected)
{
	check_value(region_largest_alloc(regions_find(&regions, name)),
		    expected);
}

/* A buffer of 33 to 64 pages needs a multiple of 64: 32 pages from the base. */
static void test_largest_alloc(void **state)
{
	(void)state;
	add_bitmap("reserved", "0 0 15\n");
	set_alignment("8");
	take_whole();
	check("reserved", pages(96), pages(4), pages(64));
	check_alloc("reserved", pages(32));

	/* Without CONFIG_CMA_ALIGNMENT above 5, such a buffer is at the base.
	 */
	set_alignment("5");
	take_whole();
	check_alloc("reserved", pages(64));
}

static void test_unknown_alignment(void **state)
{
	char least[24], most[24], text[128];

	(void)state;
	heap_say_bytes(pages(32).number, least, sizeof(least));
	heap_say_bytes(pages(64).number, most, sizeof(most));
	snprintf(text, sizeof(text),
		 "'reserved': from %s to %s, since CONFIG_CMA_ALIGNMENT is not "
		 "known",
		 least, most);
	add_bitmap("reserved", "0 0 15\n");
	take_whole();
	check_alloc("reserved", unknown);
	region_explain_alloc(&sysroot, vec_at(&regions, 0), &error);
	assert_int_equal(error.err, -ENODATA);
	assert_string_equal(error.text, text);
	assert_string_not_equal(error.hint, "");

	/* It does not matter where both are the same. */
	add_bitmap("reserved", "4294967295 0 15\n");
	take_whole();
	check_alloc("reserved", pages(32));
}

static void expect_no_bitmap(void)
{
	take_whole();
	check_alloc("reserved", unknown);
	region_explain_alloc(&sysroot, vec_at(&regions, 0), &error);
	assert_string_equal(error.text, "'reserved': its bitmap in /" DEBUGFS
					" was not recorded");
	assert_string_not_equal(error.hint, "");
}

static void test_odd_bitmap(void **state)
{
	static const char *const bad[] = {
		"", "\n", "0 0\n", "0 0 4294967296\n", "0 x 0\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		add_bitmap("reserved", bad[i]);
		expect_no_bitmap();
	}
	add_bitmap("reserved", "0 0 0\n");
	add(DEBUGFS, "reserved", "order_per_bit", "33\n");
	expect_no_bitmap();
	add(DEBUGFS, "reserved", "order_per_bit", "7\n");
	expect_no_bitmap();
	/* Two ranges, whose sizes nothing tells. */
	add_bitmap("reserved", "0 0 0\n");
	add(DEBUGFS, "reserved/ranges/1", "bitmap", "0\n");
	expect_no_bitmap();
}

/* Root may read all folders, another user may not. */
static void be_nobody(void)
{
	assert_int_equal(chmod(sysroot.dir, 0755), 0);
	if (!geteuid())
		assert_int_equal(seteuid(65534), 0);
}

static void be_oneself(void)
{
	assert_int_equal(seteuid(getuid()), 0);
}

/* Without sysfs not even the names are known, as on v5.10. */
static void test_why_not_permitted(void **state)
{
	char path[256];

	(void)state;
	add_debugfs("reserved", "100\n", "10\n", "50\n");
	snprintf(path, sizeof(path), "%s/" DEBUGFS, sysroot.dir);
	assert_int_equal(chmod(path, 0), 0);
	be_nobody();
	take_whole();

	be_oneself();
	add_meminfo(MEMINFO);
	be_nobody();
	take_part(-EACCES);
	assert_int_equal(regions.n, 0);
	assert_string_equal(error.hint,
			    "run as root, or grant CAP_DAC_READ_SEARCH");

	be_oneself();
	add(SYSFS, "reserved", "total_pages", "100\n");
	be_nobody();
	take_part(-EACCES);
	check("reserved", pages(100), unknown, unknown);
	assert_string_equal(error.text, "/" DEBUGFS ": Permission denied");
	assert_string_equal(error.hint,
			    "run as root, or grant CAP_DAC_READ_SEARCH");
	be_oneself();
	assert_int_equal(chmod(path, 0700), 0);
}

static const char *default_name(void)
{
	const struct region *region;

	take();
	region = regions_default(&sysroot, &regions);
	return region ? region->name : NULL;
}

static void test_default(void **state)
{
	(void)state;
	add_debugfs("camera", "100\n", "10\n", "50\n");
	assert_null(default_name());
	add_debugfs("reserved", "100\n", "10\n", "50\n");
	assert_string_equal(default_name(), "reserved");

	add(OF, "camera", "compatible", "shared-dma-pool");
	assert_string_equal(default_name(), "reserved");
	add(OF, "camera", "linux,cma-default", "");
	assert_string_equal(default_name(), "camera");
}

/* The command line has cma=, but the kernel has made no region. */
static void test_default_is_not_there(void **state)
{
	(void)state;
	add(OF, "linux,cma", "linux,cma-default", "");
	assert_null(default_name());
	add_debugfs("camera", "100\n", "10\n", "50\n");
	assert_null(default_name());
	add_debugfs("reserved", "100\n", "10\n", "50\n");
	assert_string_equal(default_name(), "reserved");
	add_debugfs("linux,cma", "100\n", "10\n", "50\n");
	assert_string_equal(default_name(), "linux,cma");
}

static void test_default_of_odd_trees(void **state)
{
	char name[256];

	(void)state;
	add_debugfs("reserved", "100\n", "10\n", "50\n");
	unit_tree_add(sysroot.dir, OF "/camera", "", 0);
	snprintf(name, sizeof(name), "%0255d", 0);
	add(OF, name, "linux,cma-default", "");
	add(OF, ".hidden", "linux,cma-default", "");
	add(OF, "folder", "linux,cma-default/x", "");
	assert_string_equal(default_name(), "reserved");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_nothing_there),
		TEST(test_sysfs_of_7_3),
		TEST(test_sysfs_of_6_12),
		TEST(test_sysfs_of_6_1),
		TEST(test_debugfs),
		TEST(test_debugfs_of_5_10),
		TEST(test_sysfs_and_debugfs_are_of_one_region),
		TEST(test_region_called_cma_x),
		TEST(test_region_called_cma_x_alone),
		TEST(test_sum_of_one_region),
		TEST(test_sum_of_two_regions),
		TEST(test_sum_of_unseen_regions),
		TEST(test_sum_odd),
		TEST(test_numbers),
		TEST(test_numbers_stay_at_the_top),
		TEST(test_page_size),
		TEST(test_page_size_by_sum),
		TEST(test_less_than_nothing),
		TEST(test_all_is_free_or_used),
		TEST(test_long_names),
		TEST(test_long_names_of_5_10),
		TEST(test_odd_folders),
		TEST(test_why),
		TEST(test_largest_alloc),
		TEST(test_unknown_alignment),
		TEST(test_odd_bitmap),
		TEST(test_why_not_permitted),
		TEST(test_default),
		TEST(test_default_is_not_there),
		TEST(test_default_of_odd_trees),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
