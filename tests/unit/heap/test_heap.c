// SPDX-License-Identifier: GPL-2.0-or-later
/* Heaps of recorded trees, and what alloc refuses without asking the kernel. */
#include <dmabuf/heap.h>

#include "tests/unit/unit.h"

#define NODES	"dev/dma_heap"
#define DEBUGFS "sys/kernel/debug/cma"
#define OF	"proc/device-tree/reserved-memory"

static char *tree;
static struct dmabuf_ctx *ctx;

static int setup(void **state)
{
	char text[64];

	(void)state;
	tree = unit_tree();
	ctx = unit_ctx(tree);
	snprintf(text, sizeof(text), "KernelPageSize: %8ld kB\n",
		 sysconf(_SC_PAGESIZE) / 1024);
	unit_tree_add(tree, "proc/self/smaps", text, strlen(text));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
	return 0;
}

static void add_node(const char *name)
{
	char path[320];

	snprintf(path, sizeof(path), NODES "/%s", name);
	unit_tree_add(tree, path, "", 0);
}

static void add_number(const char *region, const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "/%s/%s", region, file);
	unit_tree_add(tree, path, text, strlen(text));
}

static void add_region(const char *region)
{
	add_number(region, "count", "16384\n");
	add_number(region, "used", "384\n");
	add_number(region, "maxchunk", "8192\n");
}

static void mark_default(const char *region)
{
	char path[128];

	snprintf(path, sizeof(path), OF "/%s/linux,cma-default", region);
	unit_tree_add(tree, path, "", 0);
}

/*
 * Lists the heaps as "NAME=ALIAS,ALIAS:REGION", with "-" for no region and a
 * space between heaps.
 */
static void check_list(const char *expected)
{
	const struct dmabuf_heap *heap = NULL;
	struct dmabuf_heaps *heaps;
	const char *alias;
	char text[512] = "";
	size_t n = 0;

	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, 0);
	while ((heap = dmabuf_heaps_next(heaps, heap))) {
		n += snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "",
			      dmabuf_heap_name(heap));
		alias = NULL;
		while ((alias = dmabuf_heap_next_alias(heap, alias)))
			n += snprintf(text + n, sizeof(text) - n, "=%s", alias);
		n += snprintf(text + n, sizeof(text) - n, ":%s",
			      dmabuf_heap_region(heap) ?: "-");
	}
	assert_string_equal(text, expected);
	dmabuf_heaps_free(heaps);
}

static void check_no_list(int err, const char *text)
{
	struct dmabuf_heaps *untouched = (void *)&tree, *ret = untouched;

	assert_int_equal(dmabuf_heaps_list(ctx, &ret), err);
	assert_ptr_equal(ret, untouched);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, err);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
	/* A recorded tree cannot be booted. */
	assert_string_equal(dmabuf_ctx_error(ctx)->hint, "");
}

static void check_resolve(const char *heap, const char *expected)
{
	char *name = NULL;

	assert_int_equal(dmabuf_heap_resolve(ctx, heap, &name), 0);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, 0);
	assert_string_equal(name, expected);
	free(name);
}

static void check_no_heap(const char *heap, const char *text)
{
	char *untouched = (char *)&tree, *ret = untouched;

	assert_int_equal(dmabuf_heap_resolve(ctx, heap, &ret), -ENOENT);
	assert_ptr_equal(ret, untouched);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOENT);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
}

static void test_no_folder(void **state)
{
	(void)state;
	check_no_list(-ENOENT, "/" NODES ": No such file or directory");
	check_no_heap("system", "/" NODES ": No such file or directory");
	check_no_heap("default-cma", "/" NODES ": No such file or directory");
}

static void test_empty_folder(void **state)
{
	(void)state;
	unit_tree_add(tree, NODES "/folder/x", "", 0);
	unit_tree_add(tree, NODES "/.hidden", "", 0);
	check_no_list(-ENOENT, "/" NODES ": No such file or directory");
	check_no_heap("folder", "/" NODES ": No such file or directory");
}

static void test_no_folder_but_a_file(void **state)
{
	(void)state;
	unit_tree_add(tree, NODES, "", 0);
	check_no_list(-ENOTDIR, "/" NODES ": Not a directory");
}

static void test_no_regions(void **state)
{
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("system_cc_shared");
	add_node("system");
	check_list("system:- system_cc_shared:-");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, 0);
	dmabuf_heaps_free(heaps);
}

static void test_two_nodes_are_one_heap(void **state)
{
	(void)state;
	add_node("system");
	add_node("reserved");
	add_node("default_cma_region");
	add_node("camera");
	add_region("reserved");
	add_region("camera");
	check_list("camera:camera default_cma_region=reserved:reserved "
		   "system:-");
}

/* Vendors' names: the default region's, and one without caching. */
static void test_names_of_vendors(void **state)
{
	(void)state;
	add_node("cma");
	add_node("cma-uncached");
	add_node("camera-uncached");
	add_node("secure");
	add_node("system-uncached");
	add_region("reserved");
	add_region("camera");
	check_list("camera-uncached:camera cma:reserved cma-uncached:reserved "
		   "secure:- system-uncached:-");
	/* A region of its own comes first. */
	add_region("cma");
	add_region("cma-uncached");
	check_list("camera-uncached:camera cma:cma cma-uncached:cma-uncached "
		   "secure:- system-uncached:-");
	add_node("default_cma_region");
	add_node("reserved-uncached");
	check_list("camera-uncached:camera cma:cma cma-uncached:cma-uncached "
		   "default_cma_region:reserved reserved-uncached:reserved "
		   "secure:- system-uncached:-");
}

/* It may be a region that nobody can see, or other memory. */
static void test_unknown_memory(void **state)
{
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("secure");
	add_node("system");
	add_node("vault");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, -ENODATA);
	assert_string_equal(dmabuf_heaps_error(heaps)->text,
			    "'secure': no CMA region has the name of this "
			    "heap, so its memory is not known");
	dmabuf_heaps_free(heaps);
}

/* In some lists it comes before the other heap, in others after it. */
static void test_alias_that_is_sorted_first(void **state)
{
	(void)state;
	add_node("a");
	add_node("default_cma_region");
	add_region("a");
	mark_default("a");
	check_list("default_cma_region=a:a");
}

static void test_fixed_name_alone(void **state)
{
	(void)state;
	add_node("default_cma_region");
	add_region("reserved");
	check_list("default_cma_region:reserved");
}

static void test_without_the_fixed_name(void **state)
{
	(void)state;
	add_node("system");
	add_node("reserved");
	add_node("camera");
	add_region("reserved");
	add_region("camera");
	add_region("of_a_driver");
	check_list("camera:camera reserved:reserved system:-");
}

/* Unknown values do not make two heaps the same. */
static void test_fixed_name_of_unknown_region(void **state)
{
	(void)state;
	add_node("default_cma_region");
	add_node("linux,cma");
	add_node("camera");
	add_region("camera");
	check_list("camera:camera default_cma_region:- linux,cma:-");
}

static void test_default_of_the_device_tree(void **state)
{
	(void)state;
	add_node("default_cma_region");
	add_node("linux,cma");
	add_node("reserved");
	add_region("linux,cma");
	add_region("reserved");
	mark_default("linux,cma");
	check_list("default_cma_region=linux,cma:linux,cma reserved:reserved");
}

static void add_to_tree(const char *region)
{
	char path[128];

	snprintf(path, sizeof(path), OF "/%s/reusable", region);
	unit_tree_add(tree, path, "", 0);
}

/* Seen on arm64: the kernel uses one of them, but does not say which. */
static void test_two_marked_regions(void **state)
{
	(void)state;
	add_node("default_cma_region");
	add_node("first@70000000");
	add_node("second@60000000");
	add_region("first@70000000");
	add_region("second@60000000");
	mark_default("first@70000000");
	mark_default("second@60000000");
	check_list("default_cma_region:- first@70000000:first@70000000 "
		   "second@60000000:second@60000000");
}

/* A region of the device tree has the name of the kernel's own region. */
static void test_other_region_called_reserved(void **state)
{
	(void)state;
	add_node("default_cma_region");
	add_region("reserved");
	add_to_tree("reserved");
	check_list("default_cma_region:-");
}

static void test_long_names(void **state)
{
	char name[256], expected[260];

	(void)state;
	snprintf(name, sizeof(name), "%063d", 0);
	add_node(name);
	snprintf(expected, sizeof(expected), "%s:-", name);
	check_resolve(name, name);
	/* No heap of the kernel has such a name. */
	snprintf(name, sizeof(name), "%064d", 0);
	add_node(name);
	snprintf(name, sizeof(name), "%0255d", 0);
	add_node(name);
	check_list(expected);
}

static void test_resolve_names(void **state)
{
	(void)state;
	add_node("system");
	add_node("default_cma_region");
	add_node("reserved");
	add_region("reserved");
	check_resolve("system", "system");
	check_resolve("default_cma_region", "default_cma_region");
	/* An alias is found by its name and stays an alias. */
	check_resolve("reserved", "reserved");
}

static void test_resolve_by_the_fixed_name(void **state)
{
	(void)state;
	add_node("default-pool");
	add_node("default_cma_region");
	add_node("linux,cma");
	add_node("reserved");
	add_region("linux,cma");
	mark_default("linux,cma");
	check_resolve("default-cma", "default_cma_region");
}

static void test_resolve_by_the_device_tree(void **state)
{
	(void)state;
	add_node("linux,cma");
	add_node("reserved");
	mark_default("pool@78000000");
	add_region("reserved");
	/* There is no such region: the mark is ignored. */
	check_resolve("default-cma", "reserved");
	add_node("pool@78000000");
	add_region("pool@78000000");
	check_resolve("default-cma", "pool@78000000");
}

/* On v5.10, only debugfs lists the regions. */
static void test_resolve_by_the_device_tree_alone(void **state)
{
	(void)state;
	add_node("linux,cma");
	add_node("pool@78000000");
	mark_default("pool@78000000");
	check_resolve("default-cma", "pool@78000000");
}

static void test_resolve_no_other_region(void **state)
{
	static const char none[] = "there is no heap 'default-cma'; there are: "
				   "default-pool linux,cma system";

	(void)state;
	add_node("system");
	add_node("linux,cma");
	add_node("default-pool");
	add_to_tree("linux,cma");
	add_to_tree("default-pool");
	check_no_heap("default-cma", none);
	/* The system heap keeps its name, whichever region is marked. */
	mark_default("system");
	check_no_heap("default-cma", none);
	/* The kernel's own region, unless the log says otherwise. */
	add_node("reserved");
	add_to_tree("reserved");
	check_resolve("default-cma", "reserved");
}

static void remove_node(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/" NODES "/%s", tree, name);
	assert_int_equal(unlink(path), 0);
}

/* Only the names are known. */
static void test_resolve_by_legacy_names(void **state)
{
	static const char *const names[] = { "linux,cma", "default-pool",
					     "reserved", "cma" };
	size_t i;

	(void)state;
	add_node("system");
	add_node("cma-uncached");
	for (i = 0; i < ARRAY_SIZE(names); i++)
		add_node(names[i]);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		check_resolve("default-cma", names[i]);
		remove_node(names[i]);
	}
	check_no_heap("default-cma", "there is no heap 'default-cma'; there "
				     "are: cma-uncached system");
	assert_non_null(strstr(dmabuf_ctx_error(ctx)->hint, "cma=64M"));
}

/* A region without a node cannot be used. */
static void test_resolve_region_without_node(void **state)
{
	(void)state;
	add_node("system");
	add_region("reserved");
	check_no_heap("default-cma", "there is no heap 'default-cma'; there "
				     "are: system");
	add_node("default-pool");
	check_resolve("default-cma", "default-pool");
}

static void test_resolve_unknown(void **state)
{
	static const char *const unknown[] = {
		"syste", "systems",  "System",	"",    ".",
		"..",	 "system/.", "folder",	"*",   "default_cma",
		"cma",	 "reserve",  "default", "%s%n"
	};
	char text[128];
	size_t i;

	(void)state;
	add_node("system");
	add_node("reserved");
	unit_tree_add(tree, NODES "/folder/x", "", 0);
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		snprintf(text, sizeof(text),
			 "there is no heap '%s'; there are: reserved system",
			 unknown[i]);
		check_no_heap(unknown[i], text);
		assert_string_equal(dmabuf_ctx_error(ctx)->hint, "");
	}
}

/* A long reason is cut and stays valid text. */
static void test_resolve_with_many_names(void **state)
{
	char name[64], ret[16], *heap = ret;
	int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "heap-%058d", i);
		add_node(name);
	}
	assert_int_equal(dmabuf_heap_resolve(ctx, "none", &heap), -ENOENT);
	assert_ptr_equal(heap, ret);
	assert_non_null(
		strstr(dmabuf_ctx_error(ctx)->text, "there are: heap-0"));
	assert_in_range(strlen(dmabuf_ctx_error(ctx)->text), 64,
			sizeof(dmabuf_ctx_error(ctx)->text) - 1);
}

static void test_figures(void **state)
{
	const uint64_t page = sysconf(_SC_PAGESIZE);
	const struct dmabuf_heap *heap;
	struct dmabuf_heaps *heaps;
	uint64_t n;

	(void)state;
	add_node("reserved");
	add_region("reserved");
	add_number("reserved", "base_pfn", "16\n");
	add_number("reserved", "order_per_bit", "13\n");
	add_number("reserved", "bitmap", "1\n");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, 0);
	assert_int_equal(dmabuf_heaps_alloc_error(heaps)->err, 0);
	heap = dmabuf_heaps_next(heaps, NULL);
	assert_int_equal(dmabuf_heap_size(heap, &n), 0);
	assert_int_equal(n, 16384 * page);
	assert_int_equal(dmabuf_heap_used(heap, &n), 0);
	assert_int_equal(n, 384 * page);
	assert_int_equal(dmabuf_heap_unused(heap, &n), 0);
	assert_int_equal(n, 16000 * page);
	assert_int_equal(dmabuf_heap_largest(heap, &n), 0);
	assert_int_equal(n, 8192 * page);
	assert_int_equal(dmabuf_heap_largest_alloc(heap, &n), 0);
	assert_int_equal(n, 8192 * page);
	assert_int_equal(dmabuf_heap_access(heap), 0);
	dmabuf_heaps_free(heaps);
}

static void check_no_figures(const struct dmabuf_heap *heap)
{
	unsigned int major = 12345, minor = 67890;
	uint64_t n = UNTOUCHED;

	assert_int_equal(dmabuf_heap_size(heap, &n), -ENODATA);
	assert_int_equal(dmabuf_heap_used(heap, &n), -ENODATA);
	assert_int_equal(dmabuf_heap_unused(heap, &n), -ENODATA);
	assert_int_equal(dmabuf_heap_largest(heap, &n), -ENODATA);
	assert_int_equal(dmabuf_heap_largest_alloc(heap, &n), -ENODATA);
	assert_true(n == UNTOUCHED);
	assert_int_equal(dmabuf_heap_device(heap, &major, &minor), -ENODATA);
	assert_int_equal(major, 12345);
	assert_int_equal(minor, 67890);
}

/* An unknown value of a region without a heap is no gap. */
static void test_region_without_heap(void **state)
{
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("system");
	add_number("reserved", "count", "16384\n");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, 0);
	dmabuf_heaps_free(heaps);
}

/* v5.10 cuts "cma-linux,cma@78000000" after 15 bytes. */
static void test_region_with_a_cut_name(void **state)
{
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("linux,cma@78000000");
	add_node("reserved");
	add_region("cma-reserved");
	add_region("cma-linux,cma@7");
	check_list("linux,cma@78000000:- reserved:reserved");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, -ENODATA);
	assert_non_null(strstr(dmabuf_heaps_error(heaps)->text, "cuts names"));
	dmabuf_heaps_free(heaps);
}

static void test_no_figures(void **state)
{
	const struct dmabuf_heap *heap;
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("reserved");
	add_node("system");
	add_number("reserved", "count", "many\n");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heaps_error(heaps)->err, -ENODATA);
	heap = dmabuf_heaps_next(heaps, NULL);
	assert_string_equal(dmabuf_heap_region(heap), "reserved");
	check_no_figures(heap);
	heap = dmabuf_heaps_next(heaps, heap);
	assert_null(dmabuf_heap_region(heap));
	check_no_figures(heap);
	assert_null(dmabuf_heaps_next(heaps, heap));
	dmabuf_heaps_free(heaps);
}

/* Two numbers that are read one after the other may contradict. */
static void test_more_used_than_there_is(void **state)
{
	uint64_t n = UNTOUCHED;
	struct dmabuf_heaps *heaps;

	(void)state;
	add_node("reserved");
	add_region("reserved");
	add_number("reserved", "used", "16385\n");
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(dmabuf_heap_unused(dmabuf_heaps_next(heaps, NULL), &n),
			 -ENODATA);
	assert_true(n == UNTOUCHED);
	dmabuf_heaps_free(heaps);
}

static void test_access(void **state)
{
	const struct dmabuf_heap *heap;
	struct dmabuf_heaps *heaps;
	char path[128];

	(void)state;
	add_node("system");
	snprintf(path, sizeof(path), "%s/" NODES "/system", tree);
	assert_int_equal(chmod(path, 0), 0);
	assert_int_equal(chmod(tree, 0755), 0);
	if (!geteuid())
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(dmabuf_heaps_list(ctx, &heaps), 0);
	assert_int_equal(seteuid(getuid()), 0);
	heap = dmabuf_heaps_next(heaps, NULL);
	assert_int_equal(dmabuf_heap_access(heap), -EACCES);
	dmabuf_heaps_free(heaps);
	dmabuf_heaps_free(NULL);
}

static void check_no_alloc(struct dmabuf_ctx *of, uint64_t bytes,
			   const struct dmabuf_alloc_opts *opts, int err,
			   const char *text)
{
	int fd = 12345;

	/* No machine has this heap, in case the options are accepted. */
	assert_int_equal(
		dmabuf_heap_alloc(of, "no such heap", bytes, opts, &fd), err);
	assert_int_equal(fd, 12345);
	assert_int_equal(dmabuf_ctx_error(of)->err, err);
	if (!strstr(dmabuf_ctx_error(of)->text, text))
		fail_msg("'%s' lacks '%s'", dmabuf_ctx_error(of)->text, text);
}

static void test_alloc_of_a_recorded_tree(void **state)
{
	(void)state;
	add_node("no such heap");
	check_no_alloc(ctx, 4096, NULL, -EINVAL,
		       "a recorded tree has no memory");
}

static void test_alloc_of_bad_sizes(void **state)
{
	const uint64_t memory =
		(uint64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	struct dmabuf_ctx *live = unit_ctx("/");

	(void)state;
	check_no_alloc(live, 0, NULL, -EINVAL, "0 bytes");
	check_no_alloc(live, memory + 1, NULL, -ENOMEM,
		       "larger than the memory of this machine");
	check_no_alloc(live, UINT64_MAX, NULL, -ENOMEM,
		       "larger than the memory of this machine");
	dmabuf_ctx_free(live);
}

/* The options pass all checks, so the missing heap is the error. */
static void check_alloc_is_taken(struct dmabuf_ctx *live,
				 const struct dmabuf_alloc_opts *opts)
{
	int fd = 12345;

	assert_int_equal(
		dmabuf_heap_alloc(live, "no such heap", 4096, opts, &fd),
		-ENOENT);
	assert_int_equal(fd, 12345);
	assert_int_equal(dmabuf_ctx_error(live)->err, -ENOENT);
	assert_string_not_equal(dmabuf_ctx_error(live)->text, "");
}

static void test_alloc_of_long_names(void **state)
{
	struct dmabuf_ctx *live = unit_ctx("/");
	struct dmabuf_alloc_opts opts = { .size = sizeof(opts) };

	(void)state;
	check_alloc_is_taken(live, &opts);
	opts.name = "";
	check_alloc_is_taken(live, &opts);
	opts.name = "1234567890123456789012345678901";
	check_alloc_is_taken(live, &opts);
	opts.name = "12345678901234567890123456789012";
	check_no_alloc(live, 4096, &opts, -ENAMETOOLONG,
		       "has at most 31 bytes, but "
		       "'12345678901234567890123456789012' has 32");
	dmabuf_ctx_free(live);
}

static void test_alloc_of_later_options(void **state)
{
	struct {
		struct dmabuf_alloc_opts known;
		uint64_t unknown;
	} later = { .known = { .size = sizeof(later) } };
	struct dmabuf_alloc_opts none = { .size = sizeof(size_t) - 1 };
	struct dmabuf_alloc_opts first = { .size = sizeof(size_t),
					   .name = (void *)1 };
	struct dmabuf_ctx *live = unit_ctx("/");

	(void)state;
	check_alloc_is_taken(live, NULL);
	check_alloc_is_taken(live, &later.known);
	/* Of a program that knows only the member size. */
	check_alloc_is_taken(live, &first);
	later.unknown = 1;
	check_no_alloc(live, 4096, &later.known, -EINVAL,
		       "options are not understood");
	check_no_alloc(live, 4096, &none, -EINVAL,
		       "options are not understood");
	dmabuf_ctx_free(live);
}

/* Names of no heap, which must not open another file. */
static void test_alloc_of_paths(void **state)
{
	static const char *const paths[] = { "", ".", "..", "/dev/null",
					     "../null" };
	struct dmabuf_ctx *live = unit_ctx("/");
	int fd = 12345;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(
			dmabuf_heap_alloc(live, paths[i], 4096, NULL, &fd),
			-ENOENT);
	assert_int_equal(fd, 12345);
	dmabuf_ctx_free(live);
}

static void check_why(int err, const char *text)
{
	assert_int_equal(dmabuf_ctx_error(ctx)->err, err);
	if (!strstr(dmabuf_ctx_error(ctx)->text, text))
		fail_msg("'%s' lacks '%s'", dmabuf_ctx_error(ctx)->text, text);
}

static void check_descriptor(int fd, int err)
{
	const unsigned int all = DMABUF_ACCESS_READ | DMABUF_ACCESS_WRITE;
	int ret = 12345;

	assert_int_equal(dmabuf_set_name(ctx, fd, "name"), err);
	check_why(err, "cannot set the name of the buffer: ");
	assert_int_equal(dmabuf_cpu_begin(ctx, fd, all), err);
	check_why(err, "cannot begin CPU access to the buffer: ");
	assert_int_equal(dmabuf_cpu_end(ctx, fd, all), err);
	check_why(err, "cannot end CPU access to the buffer: ");
	assert_int_equal(dmabuf_sync_file_export(ctx, fd, all, &ret), err);
	check_why(err, "sync file: ");
	assert_int_equal(ret, 12345);
	assert_int_equal(dmabuf_sync_file_import(ctx, fd, all, fd), err);
	check_why(err, "sync file: ");
}

static void test_descriptors_of_no_buffer(void **state)
{
	int fd = unit_file("data", 4);

	(void)state;
	check_descriptor(fd, -ENOTTY);
	check_descriptor(-1, -EBADF);
	close(fd);
}

static void test_set_name_that_is_long(void **state)
{
	(void)state;
	assert_int_equal(
		dmabuf_set_name(ctx, -1, "1234567890123456789012345678901"),
		-EBADF);
	assert_int_equal(
		dmabuf_set_name(ctx, -1, "12345678901234567890123456789012"),
		-ENAMETOOLONG);
	check_why(-ENAMETOOLONG, "has at most 31 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_no_folder),
		TEST(test_empty_folder),
		TEST(test_no_folder_but_a_file),
		TEST(test_no_regions),
		TEST(test_names_of_vendors),
		TEST(test_unknown_memory),
		TEST(test_two_nodes_are_one_heap),
		TEST(test_alias_that_is_sorted_first),
		TEST(test_fixed_name_alone),
		TEST(test_without_the_fixed_name),
		TEST(test_fixed_name_of_unknown_region),
		TEST(test_default_of_the_device_tree),
		TEST(test_two_marked_regions),
		TEST(test_other_region_called_reserved),
		TEST(test_long_names),
		TEST(test_resolve_names),
		TEST(test_resolve_by_the_fixed_name),
		TEST(test_resolve_by_the_device_tree),
		TEST(test_resolve_by_the_device_tree_alone),
		TEST(test_resolve_no_other_region),
		TEST(test_resolve_by_legacy_names),
		TEST(test_resolve_region_without_node),
		TEST(test_resolve_unknown),
		TEST(test_resolve_with_many_names),
		TEST(test_figures),
		TEST(test_region_without_heap),
		TEST(test_region_with_a_cut_name),
		TEST(test_no_figures),
		TEST(test_more_used_than_there_is),
		TEST(test_access),
		TEST(test_alloc_of_a_recorded_tree),
		TEST(test_alloc_of_bad_sizes),
		TEST(test_alloc_of_long_names),
		TEST(test_alloc_of_later_options),
		TEST(test_alloc_of_paths),
		TEST(test_descriptors_of_no_buffer),
		TEST(test_set_name_that_is_long),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
