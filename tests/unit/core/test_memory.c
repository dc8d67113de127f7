// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failed allocations: each call of the library is repeated; first its first
 * allocation fails, then its second, until none does. A call with a failed
 * allocation must return -ENOMEM, give no result and leak nothing, which
 * LeakSanitizer checks.
 */
#include <dmabuf/heap.h>

#include "collect/pinned_file.h"
#include "core/context.h"
#include "heap/region.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"
#include "snapshot/snapshot.h"
#include "tests/unit/unit.h"

/* How many more allocations of the library succeed; -1: all. */
static int left = -1;

static bool fails(void)
{
	if (left < 0)
		return false;
	if (left) {
		left--;
		return false;
	}
	errno = ENOMEM;
	return true;
}

#define WRAP(type, name, parameters, arguments)                                \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		return fails() ? NULL : __real_##name arguments;               \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *p, size_t size), (p, size))
WRAP(void *, reallocarray, (void *p, size_t n, size_t size), (p, n, size))
WRAP(char *, strdup, (const char *s), (s))
WRAP(FILE *, fdopen, (int fd, const char *mode), (fd, mode))

/* Return: whether the call that returned @r got all its allocations. */
static bool enough(int r)
{
	bool was = left > 0 || !r;

	left = -1;
	assert_true(r == 0 || r == -ENOMEM);
	return was;
}

static void test_ctx_new(void **state)
{
	struct dmabuf_ctx *untouched = (void *)&left, *ctx = untouched;
	int n = 0;

	(void)state;
	for (left = 0; !enough(dmabuf_ctx_new(NULL, &ctx)); left = ++n)
		assert_ptr_equal(ctx, untouched);
	assert_ptr_not_equal(ctx, untouched);
	assert_true(n >= 2);
	dmabuf_ctx_free(ctx);
}

static struct dmabuf_snapshot *big_snapshot(void)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_attachment attachment;
	struct dmabuf_rec_buffer buffer;
	uint64_t i;

	for (i = 0; i < 200; i++) {
		buffer = unit_buffer(i, i);
		attachment = unit_attachment(i, 0, 0);
		assert_true(snapshot_add(snapshot, &buffer, sizeof(buffer)) >
			    0);
		assert_true(snapshot_add(snapshot, &attachment,
					 sizeof(attachment)) > 0);
	}
	assert_int_equal(snapshot_add_gap(snapshot, "things", 1, "why"), 0);
	snapshot_join_buffers(snapshot);
	return snapshot;
}

static void test_load(void **state)
{
	struct dmabuf_snapshot *snapshot = big_snapshot();
	struct dmabuf_snapshot *untouched = (void *)&left, *ret = untouched;
	struct dmabuf_ctx *ctx = unit_ctx("/nonexistent");
	int fd = unit_file("", 0), n = 0;

	(void)state;
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	lseek(fd, 0, SEEK_SET);
	for (left = 0; !enough(dmabuf_snapshot_load(ctx, fd, &ret));
	     left = ++n) {
		assert_ptr_equal(ret, untouched);
		assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOMEM);
		lseek(fd, 0, SEEK_SET);
	}
	assert_int_equal(dmabuf_snapshot_count(ret), 200);
	assert_true(n >= 6);
	dmabuf_snapshot_free(ret);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	close(fd);
}

static void test_save(void **state)
{
	struct dmabuf_snapshot *snapshot = big_snapshot();
	struct dmabuf_ctx *ctx = unit_ctx("/nonexistent");
	int fd = unit_file("", 0), n = 0;

	(void)state;
	for (left = 0; !enough(dmabuf_snapshot_save(ctx, snapshot, fd));
	     left = ++n)
		assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOMEM);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	close(fd);
}

static void check_take(const char *path, const void *data, size_t size)
{
	struct dmabuf_snapshot *untouched = (void *)&left, *ret = untouched;
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .collector = "pinned" };
	char *tree = unit_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	int n = 0;

	unit_tree_add(tree, path, data, size);
	for (left = 0; !enough(dmabuf_snapshot_take(ctx, &opts, &ret));
	     left = ++n) {
		assert_ptr_equal(ret, untouched);
		assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOMEM);
	}
	assert_int_equal(dmabuf_snapshot_count(ret), 1);
	dmabuf_snapshot_free(ret);
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

static void test_take(void **state)
{
	struct dmabuf_rec_buffer rec = unit_buffer(1, 7);

	(void)state;
	/* This makes a gap, which needs memory too. */
	rec.have &= ~DMABUF_HAVE_NAME;
	check_take(PINNED_RECORDS, &rec, sizeof(rec));
	check_take(PINNED_TEXT, "1\n2\nname\nexporter\n", 18);
}

/* A tree with two heaps; one of them uses the only region. */
static char *heap_tree(void)
{
	char *tree = unit_tree();

	unit_tree_add(tree, "dev/dma_heap/system", "", 0);
	unit_tree_add(tree, "dev/dma_heap/reserved", "", 0);
	unit_tree_add(tree, "sys/kernel/debug/cma/cma-reserved/used", "1\n", 2);
	unit_tree_add(tree, "proc/meminfo", "CmaTotal: 64 kB\n", 16);
	unit_tree_add(tree, "proc/self/smaps", "KernelPageSize: 4 kB\n", 21);
	return tree;
}

/* A failed allocation does not look like an unknown number. */
static void test_regions_read(void **state)
{
	struct vec regions = VEC_OF(struct region);
	struct sysroot sysroot = { heap_tree() };
	const struct region *region;
	struct dmabuf_error error;
	int n = 0;

	(void)state;
	for (left = 0; !enough(regions_read(&sysroot, &regions, &error));
	     left = ++n)
		vec_fini(&regions);
	assert_true(n >= 2);
	region = regions_find(&regions, "reserved");
	assert_non_null(region);
	assert_true(region->size.known && region->used.known);
	vec_fini(&regions);
	unit_tree_free((char *)sysroot.dir);
}

static void test_heaps_list(void **state)
{
	struct dmabuf_heaps *untouched = (void *)&left, *ret = untouched;
	char *tree = heap_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	uint64_t size;
	int n = 0;

	(void)state;
	for (left = 0; !enough(dmabuf_heaps_list(ctx, &ret)); left = ++n) {
		assert_ptr_equal(ret, untouched);
		assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOMEM);
	}
	assert_true(n >= 5);
	assert_int_equal(dmabuf_heap_size(dmabuf_heaps_next(ret, NULL), &size),
			 0);
	assert_int_equal(size, 65536);
	dmabuf_heaps_free(ret);
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

static void test_heap_resolve(void **state)
{
	char *untouched = (char *)&left, *ret = untouched;
	char *tree = heap_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	int n = 0;

	(void)state;
	for (left = 0; !enough(dmabuf_heap_resolve(ctx, "default-cma", &ret));
	     left = ++n) {
		assert_ptr_equal(ret, untouched);
		assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOMEM);
	}
	assert_true(n >= 4);
	assert_string_equal(ret, "reserved");
	free(ret);
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ctx_new),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_save),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_regions_read),
		cmocka_unit_test(test_heaps_list),
		cmocka_unit_test(test_heap_resolve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
