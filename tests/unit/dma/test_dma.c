// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA without a device: what is refused before a device is opened, and the
 * addresses of memory, from /proc/self/pagemap. All else needs a device: see
 * tests/vm/dma.sh.
 */
#include "dma/map.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "tests/unit/unit.h"

static struct dmabuf_ctx *ctx;
static struct dmabuf_dma_device device;

static int setup(void **state)
{
	(void)state;
	if (dmabuf_ctx_new(NULL, &ctx))
		return -1;
	device = (struct dmabuf_dma_device){
		.ctx = ctx,
		.map_ops = &dma_pagemap,
		.address = "0000:00:05.0",
		.last = UINT64_MAX,
		.process = getpid(),
		.memory_file = -1,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	while (device.maps)
		dmabuf_dma_unmap(device.maps);
	if (device.memory_file >= 0)
		close(device.memory_file);
	dmabuf_ctx_free(ctx);
	return 0;
}

static void test_addresses(void **state)
{
	static const char *const wrong[] = {
		"",
		"nonsense",
		"00:05",
		"0000:00:05",
		"0000:00:05.0 ",
		"0000:00:05.0.0",
		"0000:00:05.8",
		"0000:00:05.10",
		"../../x",
	};
	struct dmabuf_dma_device *opened = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(dmabuf_dma_open(ctx, wrong[i], NULL, &opened),
				 -EINVAL);
		assert_non_null(strstr(dmabuf_ctx_error(ctx)->text,
				       "invalid PCI address"));
	}
	assert_int_equal(dmabuf_dma_open(ctx, "ffff:1f:1f.7", NULL, &opened),
			 -ENODEV);
	assert_int_equal(dmabuf_dma_open(ctx, "10000:E1:00.0", NULL, &opened),
			 -ENODEV);
	assert_non_null(strstr(dmabuf_ctx_error(ctx)->text, "10000:e1:00.0"));
	assert_int_equal(dmabuf_dma_open(ctx, "ff:1f.7", NULL, &opened),
			 -ENODEV);
	assert_non_null(strstr(dmabuf_ctx_error(ctx)->text, "0000:ff:1f.7"));
	assert_null(opened);
}

static void test_options(void **state)
{
	struct dmabuf_dma_opts opts = { .size = sizeof(opts) };
	struct dmabuf_dma_device *opened = NULL;

	(void)state;
	opts.address_bits = 65;
	assert_int_equal(dmabuf_dma_open(ctx, "00:05.0", &opts, &opened),
			 -EINVAL);
	opts.address_bits = 0;
	opts.size = 1;
	assert_int_equal(dmabuf_dma_open(ctx, "00:05.0", &opts, &opened),
			 -EINVAL);
}

static void test_recorded_tree(void **state)
{
	struct dmabuf_dma_device *opened = NULL;
	char *tree = unit_tree();
	struct dmabuf_ctx *recorded = unit_ctx(tree);

	(void)state;
	assert_int_equal(dmabuf_dma_open(recorded, "00:05.0", NULL, &opened),
			 -EINVAL);
	assert_int_equal(dmabuf_dma_backend_probe(
				 recorded, dmabuf_dma_backend_next(NULL)),
			 -EINVAL);
	dmabuf_ctx_free(recorded);
	unit_tree_free(tree);
}

/* A child process would register memory of the parent. */
static void test_other_process(void **state)
{
	struct dmabuf_dma_map *map = NULL;
	char byte;

	(void)state;
	device.process = getppid();
	assert_int_equal(
		dmabuf_dma_map(&device, &byte, 1, DMABUF_DMA_READS, &map),
		-EPERM);
	assert_null(map);
}

/* Memory that a device must not write to, and unmapped memory. */
static void test_unfit_memory(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct dmabuf_dma_map *map = NULL;
	char *memory;

	(void)state;
	memory = mmap(NULL, 3 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(
		dmabuf_dma_map(&device, memory, page, DMABUF_DMA_WRITES, &map),
		-EFAULT);
	munmap(memory + page, page);
	assert_int_equal(dmabuf_dma_map(&device, memory, 3 * page,
					DMABUF_DMA_READS, &map),
			 -EFAULT);
	assert_null(map);
	assert_null(device.maps);
	munmap(memory, 3 * page);
}

static void test_short_file(void **state)
{
	struct dmabuf_dma_map *map = NULL;
	int fd = memfd_create("test", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(ftruncate(fd, 8192), 0);
	assert_int_equal(dmabuf_dma_map_fd(&device, fd, 4096, 4097,
					   DMABUF_DMA_READS, &map),
			 -EINVAL);
	assert_non_null(
		strstr(dmabuf_ctx_error(ctx)->text, "the file has 8192"));
	assert_null(map);
	close(fd);
}

static void test_refused_memory(void **state)
{
	struct dmabuf_dma_map *map = NULL;
	char memory[16];

	(void)state;
	assert_int_equal(
		dmabuf_dma_map(&device, memory, 0, DMABUF_DMA_READS, &map),
		-EINVAL);
	assert_int_equal(dmabuf_dma_map(&device, memory, 1, 0, &map), -EINVAL);
	assert_int_equal(dmabuf_dma_map(&device, memory, 1, 1 << 7, &map),
			 -EINVAL);
	assert_int_equal(dmabuf_dma_map(&device, memory, SIZE_MAX,
					DMABUF_DMA_READS, &map),
			 -EFAULT);
	assert_int_equal(dmabuf_dma_map(&device, (void *)(UINTPTR_MAX - 8192),
					8192, DMABUF_DMA_READS, &map),
			 -EFAULT);
	assert_int_equal(
		dmabuf_dma_map_fd(&device, 0, 1, 1, DMABUF_DMA_READS, &map),
		-EINVAL);
	assert_null(map);
	assert_null(device.maps);
}

/* Adjacent segments are joined, also up to the highest address. */
static void test_segments(void **state)
{
	struct dmabuf_dma_map map = {
		.device = &device,
		.segments = VEC_OF(struct dmabuf_dma_segment),
	};
	const struct dmabuf_dma_segment *segments;

	(void)state;
	device.last = 0xffff;
	assert_int_equal(dma_add_segment(&map, 0x1000, 0x1000), 0);
	assert_int_equal(dma_add_segment(&map, 0x2000, 0x1000), 0);
	assert_int_equal(dma_add_segment(&map, 0x1000, 0x1000), 0);
	assert_int_equal(dma_add_segment(&map, 0xf000, 0x1000), 0);
	assert_int_equal(dma_add_segment(&map, 0xf000, 0x1001), -ERANGE);
	assert_int_equal(dma_add_segment(&map, 0x10000, 1), -ERANGE);
	assert_int_equal(dmabuf_dma_segments(&map, &segments), 3);
	assert_int_equal(segments[0].address, 0x1000);
	assert_int_equal(segments[0].length, 0x2000);
	assert_int_equal(segments[1].address, 0x1000);
	assert_int_equal(segments[2].length, 0x1000);
	vec_fini(&map.segments);
}

/* Physical address of a byte by pagemap; 0: hidden, or not present. */
static uint64_t physical(const char *byte)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t entry = 0;
	ssize_t n;

	n = pread(device.memory_file, &entry, sizeof(entry),
		  (off_t)((uintptr_t)byte / page * sizeof(entry)));
	assert_int_equal(n, sizeof(entry));
	entry &= (1ULL << 55) - 1;
	return entry ? entry * page + (uintptr_t)byte % page : 0;
}

static void check_map(const struct dmabuf_dma_map *map, const char *memory,
		      size_t length)
{
	const struct dmabuf_dma_segment *segments;
	size_t n = dmabuf_dma_segments(map, &segments), i, j;
	uint64_t sum = 0;

	for (i = 0; i < n; i++) {
		for (j = 0; j < segments[i].length; j += 512)
			assert_int_equal(segments[i].address + j,
					 physical(memory + sum + j));
		if (i)
			assert_int_not_equal(segments[i - 1].address +
						     segments[i - 1].length,
					     segments[i].address);
		sum += segments[i].length;
	}
	assert_int_equal(sum, length);
}

/* More pages than one read gets; the first byte is inside a page. */
static void test_pagemap(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 1100;
	struct dmabuf_dma_map *map = NULL, *other = NULL;
	char *memory;
	int r;

	(void)state;
	device.memory_file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	/* mlock() does nothing in a program with sanitizers. */
	memset(memory, 1, pages * page);
	if (device.memory_file < 0 || !physical(memory))
		skip();
	r = dmabuf_dma_map(&device, memory + 512, pages * page - 1024,
			   DMABUF_DMA_WRITES, &map);
	if (r == -ENOMEM)
		skip(); /* RLIMIT_MEMLOCK */
	assert_int_equal(r, 0);
	assert_int_equal(
		dmabuf_dma_map(&device, memory, 1, DMABUF_DMA_READS, &other),
		0);
	check_map(map, memory + 512, pages * page - 1024);
	dmabuf_dma_unmap(map);
	check_map(other, memory, 1);
	munmap(memory + page, page);
	r = dmabuf_dma_map(&device, memory, 3 * page, DMABUF_DMA_READS, &map);
	assert_int_equal(r, -EFAULT);
	munmap(memory, pages * page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_addresses),	  TEST(test_options),
		TEST(test_recorded_tree), TEST(test_refused_memory),
		TEST(test_segments),	  TEST(test_pagemap),
		TEST(test_other_process), TEST(test_unfit_memory),
		TEST(test_short_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
