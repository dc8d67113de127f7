// SPDX-License-Identifier: GPL-2.0-or-later
/* The largest buffer of a region, beside a search as the kernel makes it. */
#include "heap/pieces.h"
#include "tests/unit/unit.h"

enum { BITS = 96, WORDS = BITS / 32 };

static uint32_t words[WORDS];

static bool is_free(uint64_t first, uint64_t bits)
{
	uint64_t i;

	for (i = first; i < first + bits; i++)
		if (words[i / 32] >> i % 32 & 1)
			return false;
	return true;
}

/* mm/cma.c: cma_alloc(), drivers/dma-buf/heaps/cma_heap.c. */
static bool kernel_allocates(const struct cma_bitmap *bitmap, uint64_t pages,
			     unsigned int alignment)
{
	const uint64_t per = 1ULL << bitmap->order_per_bit,
		       bits = (pages + per - 1) / per;
	unsigned int align = 0;
	uint64_t first, mask, offset;

	while (1ULL << align < pages)
		align++;
	align = align < alignment ? align : alignment;
	mask = align <= bitmap->order_per_bit
		       ? 0
		       : (1ULL << (align - bitmap->order_per_bit)) - 1;
	offset =
		(bitmap->base & ((1ULL << align) - 1)) >> bitmap->order_per_bit;
	for (first = 0; first + bits <= bitmap->bits; first++)
		if (!((first + offset) & mask) && is_free(first, bits))
			return true;
	return false;
}

static uint64_t kernel_largest(const struct cma_bitmap *bitmap,
			       unsigned int alignment)
{
	uint64_t pages = bitmap->bits << bitmap->order_per_bit;

	while (pages && !kernel_allocates(bitmap, pages, alignment))
		pages--;
	return pages;
}

static void check(const struct cma_bitmap *bitmap)
{
	struct pieces pieces;
	unsigned int alignment;

	pieces_find(bitmap, &pieces);
	for (alignment = CMA_ALIGNMENT_LEAST; alignment <= CMA_ALIGNMENT_MOST;
	     alignment++)
		assert_int_equal(pieces_largest(&pieces, alignment),
				 kernel_largest(bitmap, alignment));
}

/* Regions of all alignments, with runs of all lengths. */
static void test_as_the_kernel_searches(void **state)
{
	struct cma_bitmap bitmap = { .words = words };
	uint32_t random = 1;
	int i, run = 0;
	uint64_t bit;

	(void)state;
	for (i = 0; i < 400; i++) {
		memset(words, 0, sizeof(words));
		for (bit = 0; bit < BITS; bit++, run--) {
			random = random * 1664525 + 1013904223;
			if (run <= -(int)(random >> 24 & 31))
				run = random >> 16 & 7;
			words[bit / 32] |= (uint32_t)(run > 0) << bit % 32;
		}
		bitmap.bits = BITS - (random >> 8 & 31);
		bitmap.base = random >> 10 & 8191;
		bitmap.order_per_bit = i % 4;
		check(&bitmap);
	}
}

static void test_full_and_empty(void **state)
{
	const struct cma_bitmap bitmap = { .words = words, .bits = BITS };
	struct pieces pieces;

	(void)state;
	memset(words, 0xff, sizeof(words));
	pieces_find(&bitmap, &pieces);
	assert_int_equal(pieces_largest(&pieces, 8), 0);
	check(&bitmap);

	/* All of a region whose base is aligned: no power of two. */
	memset(words, 0, sizeof(words));
	pieces_find(&bitmap, &pieces);
	assert_int_equal(pieces_largest(&pieces, 8), BITS);
	check(&bitmap);
}

/* raspberrypi/linux#6706: 604K, every second one freed. */
static void test_freed_in_turn(void **state)
{
	static uint32_t many[128];
	const struct cma_bitmap bitmap = { .words = many, .bits = 4096 };
	struct pieces pieces;
	int i, bit;

	(void)state;
	/* Each begins on a multiple of 1M. */
	for (i = 1; i < 16; i += 2)
		for (bit = i * 256; bit < i * 256 + 151; bit++)
			many[bit / 32] |= 1U << bit % 32;
	pieces_find(&bitmap, &pieces);
	assert_int_equal(pieces.pages[0], 361);
	assert_int_equal(pieces_largest(&pieces, 8), 256);
	assert_int_equal(pieces_largest(&pieces, 2), 360);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_the_kernel_searches),
		cmocka_unit_test(test_full_and_empty),
		cmocka_unit_test(test_freed_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
