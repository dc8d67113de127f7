// SPDX-License-Identifier: GPL-2.0-or-later
/* udmabufs of the same pages, and of pages that only look the same. */
#include "tests/unit/files/kernel.h"

#include <dmabuf/dmabuf.h>

#include "snapshot/snapshot.h"

enum { PAGES = 600 };

/* Pages of two memfds. */
static uint64_t some[PAGES], others[PAGES];

static struct reach *reach;
static struct dmabuf_snapshot snapshot;

int __wrap_layout_read_64(struct dmabuf_ctx *ctx, struct layout *ret);

int __wrap_layout_read_64(struct dmabuf_ctx *ctx, struct layout *ret)
{
	(void)ctx;
	*ret = reach->layout;
	return 0;
}

static int setup(void **state)
{
	size_t i;

	kernel_setup(state);
	reach = *state;
	snapshot = (struct dmabuf_snapshot){
		.buffers = VEC_OF(struct buffer),
		.gaps = VEC_OF(struct dmabuf_rec_gap),
	};
	for (i = 0; i < PAGES; i++) {
		some[i] = 0xffffea0000000000 + i * 64;
		others[i] = 0xffffea0001000000 + i * 64;
	}
	return 0;
}

static int teardown(void **state)
{
	vec_fini(&snapshot.buffers);
	vec_fini(&snapshot.gaps);
	return kernel_teardown(state);
}

static uint64_t make_array(const uint64_t *values, size_t n)
{
	const uint64_t array = kernel_object_of(n * sizeof(*values));

	memcpy((void *)(uintptr_t)array, values, n * sizeof(*values));
	return array;
}

/* Makes a udmabuf and its record, with inode numbers from 1. Return: it. */
static uint64_t make(const uint64_t *pages, size_t n)
{
	const uint64_t buffer = kernel_buffer(reach), priv = kernel_object();
	const uint64_t inode =
		memory_u64(reach->memory, kernel_file_of(reach, buffer) +
						  OFFSET(reach, file, f_inode));
	const struct buffer record = {
		.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_SIZE |
			DMABUF_HAVE_EXPORTER,
		.key = buffer,
		.ino = snapshot.buffers.n + 1,
		.bytes = n * sysconf(_SC_PAGESIZE),
		.exporter = "udmabuf",
	};

	PUT(reach, inode, inode, i_ino, record.ino);
	PUT(reach, buffer, dma_buf, priv, priv);
	PUT(reach, priv, udmabuf, pagecount, n);
	PUT(reach, priv, udmabuf, pages, make_array(pages, n));
	PUT(reach, priv, udmabuf, folios, make_array(pages, n));
	assert_return_code(vec_push(&snapshot.buffers, &record), 0);
	return priv;
}

static void set_offsets(uint64_t priv, const uint64_t *offsets)
{
	PUT(reach, priv, udmabuf, offsets, make_array(offsets, PAGES));
}

/* Return: the gaps that are there now. */
static size_t compare(void)
{
	assert_return_code(
		dmabuf_snapshot_compare_memory(reach->ctx, &snapshot), 0);
	return snapshot.gaps.n;
}

static void expect(size_t i, uint64_t count, const char *why)
{
	const struct dmabuf_rec_gap *gap = vec_at(&snapshot.gaps, i);

	assert_string_equal(gap->what, "buffers with repeated memory");
	assert_int_equal(gap->count, count);
	assert_string_equal(gap->why, why);
}

/* @repeated: pages that are counted again. */
static void expect_sum(size_t i, uint64_t count, const char *why,
		       uint64_t repeated)
{
	char whole[DMABUF_REC_WHY_LEN];

	snprintf(whole, sizeof(whole), "%s: sums are %llu bytes too high", why,
		 (unsigned long long)repeated * sysconf(_SC_PAGESIZE));
	expect(i, count, whole);
}

static void test_same(void **state)
{
	(void)state;
	make(some, PAGES);
	make(others, PAGES);
	make(some, PAGES);
	make(some, PAGES);
	make(some, 1);
	assert_int_equal(compare(), 1);
	expect_sum(0, 2, "the memory of buffer 1 is that of 3, 4, too",
		   2 * PAGES);
}

/* A buffer of which little is known does not stand for others. */
static void test_unknown_size(void **state)
{
	struct buffer *buffer;

	(void)state;
	make(some, PAGES);
	make(some, PAGES);
	make(some, PAGES);
	buffer = vec_at(&snapshot.buffers, 0);
	buffer->have &= ~DMABUF_HAVE_SIZE;
	assert_int_equal(compare(), 1);
	expect_sum(0, 1, "the memory of buffer 2 is that of 3, too", PAGES);
}

/* Only a page in the middle is another one. */
static void test_same_ends(void **state)
{
	(void)state;
	make(some, PAGES);
	some[PAGES / 2] = others[0];
	make(some, PAGES);
	make(some, PAGES);
	assert_int_equal(compare(), 1);
	expect_sum(0, 1, "the memory of buffer 2 is that of 3, too", PAGES);
}

/* Linux 6.11 and later: folios may be large, and offsets tell the pages. */
static void test_folios(void **state)
{
	static uint64_t offsets[PAGES];
	size_t i;

	(void)state;
	set_offsets(make(some, PAGES), offsets);
	set_offsets(make(some, PAGES), offsets);
	for (i = 0; i < PAGES; i++)
		offsets[i] = 4096;
	set_offsets(make(some, PAGES), offsets);
	AT(&reach->layout, udmabuf, pages) = LAYOUT_NONE;
	assert_int_equal(compare(), 1);
	expect_sum(0, 1, "the memory of buffer 1 is that of 2, too", PAGES);
}

/* The buffers of the records have gone, or are something else. */
static void test_unexpected(void **state)
{
	uint64_t priv;

	(void)state;
	make(some, PAGES);
	priv = make(some, PAGES);
	PUT(reach, priv, udmabuf, pagecount, PAGES - 1);
	priv = make(some, PAGES);
	PUT(reach, priv, udmabuf, pages, 4096);
	make(some, PAGES);
	((struct buffer *)vec_at(&snapshot.buffers, 3))->ino = 99;
	make(some, PAGES);
	((struct buffer *)vec_at(&snapshot.buffers, 4))->have &=
		~DMABUF_HAVE_ADDRESS;
	assert_int_equal(compare(), 0);
}

/* Two that cannot be read are not the same. */
static void test_unreadable(void **state)
{
	(void)state;
	PUT(reach, make(some, PAGES), udmabuf, pages, 4096);
	PUT(reach, make(some, PAGES), udmabuf, pages, 4096);
	assert_int_equal(compare(), 0);
}

static void test_no_types(void **state)
{
	(void)state;
	make(some, PAGES);
	assert_int_equal(compare(), 0);
	make(some, PAGES);
	AT(&reach->layout, udmabuf, pages) = LAYOUT_NONE;
	AT(&reach->layout, udmabuf, folios) = LAYOUT_NONE;
	assert_int_equal(compare(), 1);
	expect(0, 0,
	       "not known: this kernel has no type information about udmabufs");
}

/* There is a gap for each of some memories, and one for all others. */
static void test_many(void **state)
{
	const struct dmabuf_rec_gap *gap;
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++)
		make(some + i / 2, 1);
	for (i = 0; i < 30; i++)
		make(others, 2);
	assert_int_equal(compare(), 9);
	expect_sum(8, 31, "they have the memory of others", 2 + 29 * 2);
	snapshot.gaps.n = 0;
	snapshot.buffers.n = 0;
	for (i = 0; i < 30; i++)
		make(others, 2);
	assert_int_equal(compare(), 1);
	gap = vec_at(&snapshot.gaps, 0);
	assert_int_equal(gap->count, 29);
	assert_non_null(strstr(gap->why, ", ..., too: sums are "));
}

/* What takes too long is a gap. */
static void test_too_many(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 200; i++) {
		make(some, 3);
		some[1] += 64;
	}
	assert_int_equal(compare(), 1);
	expect(0, 0, "not known of all: they are too many or too large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_same),       TEST(test_unknown_size),
		TEST(test_same_ends),  TEST(test_folios),
		TEST(test_unexpected), TEST(test_unreadable),
		TEST(test_no_types),   TEST(test_many),
		TEST(test_too_many),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
