// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/pieces.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "heap/number.h"
#include "util/cleanup.h"
#include "util/vec.h"

/* More than any machine has; only a recorded tree says more. */
enum { BITS_MAX = 1 << 26 };

static bool is_used(const struct cma_bitmap *bitmap, uint64_t bit)
{
	return bitmap->words[bit / 32] >> bit % 32 & 1;
}

/* Return: the order of the alignment of a bit's first page. */
static unsigned int order_of(const struct cma_bitmap *bitmap, uint64_t bit)
{
	const uint64_t n = (bitmap->base >> bitmap->order_per_bit) + bit;
	const unsigned int order =
		bitmap->order_per_bit + (n ? __builtin_ctzll(n) : 64);

	return order < CMA_ALIGNMENT_MOST ? order : CMA_ALIGNMENT_MOST;
}

static void learn(uint64_t *most, uint64_t pages)
{
	if (*most < pages)
		*most = pages;
}

void pieces_find(const struct cma_bitmap *bitmap, struct pieces *ret)
{
	uint64_t bit, run = 0;
	unsigned int order;

	*ret = (struct pieces){};
	for (bit = bitmap->bits; bit--;) {
		run = is_used(bitmap, bit) ? 0 : run + 1;
		learn(&ret->pages[order_of(bitmap, bit)],
		      run << bitmap->order_per_bit);
	}
	/* What is aligned to more is aligned to less. */
	for (order = CMA_ALIGNMENT_MOST; order; order--)
		learn(&ret->pages[order - 1], ret->pages[order]);
}

uint64_t pieces_largest(const struct pieces *pieces, unsigned int alignment)
{
	const uint64_t all = pieces->pages[alignment];
	unsigned int order;
	uint64_t size;

	if (all > 1ULL << alignment)
		return all;
	/* A buffer of this order has more pages than half of @size. */
	for (order = alignment; order; order--) {
		size = 1ULL << order;
		if (pieces->pages[order] > size / 2)
			return pieces->pages[order] < size
				       ? pieces->pages[order]
				       : size;
	}
	return !!pieces->pages[0];
}

/* Reads numbers up to the end of a line. */
static int read_words(FILE *file, struct vec *words, uint64_t most)
{
	uint64_t number;
	uint32_t word;

	while (words->n < most && fscanf(file, "%" SCNu64, &number) == 1) {
		word = number;
		if (word != number)
			return -ENODATA;
		if (vec_push(words, &word))
			return -ENOMEM;
	}
	return words->n == most ? 0 : -ENODATA;
}

static int read_bitmap(const struct sysroot *sysroot, const char *folder,
		       struct cma_bitmap *bitmap, struct pieces *ret)
{
	_cleanup_(vec_fini) struct vec words = VEC_OF(uint32_t);
	_cleanup_fclose_ FILE *file = NULL;
	char path[256];
	int r;

	snprintf(path, sizeof(path), "%s/bitmap", folder);
	r = sysroot_fopen(sysroot, SYSROOT_TOP, path, &file);
	if (r)
		return r == -ENOMEM ? r : -ENODATA;
	r = read_words(file, &words, (bitmap->bits + 31) / 32);
	if (r)
		return r;
	bitmap->words = words.data;
	pieces_find(bitmap, ret);
	return 0;
}

/* Since v6.15 a region may have several ranges, which nothing sizes. */
static bool has_ranges(const struct sysroot *sysroot, const char *folder)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/ranges/1", folder);
	return sysroot_has(sysroot, path);
}

int pieces_read(const struct sysroot *sysroot, const char *folder,
		uint64_t pages, struct pieces *ret)
{
	const struct opt_u64 base = number_read(sysroot, folder, "base_pfn"),
			     order = number_read(sysroot, folder,
						 "order_per_bit");
	struct cma_bitmap bitmap = { .base = base.number };

	if (!base.known || !order.known || order.number > 32 ||
	    has_ranges(sysroot, folder))
		return -ENODATA;
	bitmap.order_per_bit = order.number;
	bitmap.bits = pages >> order.number;
	if (!bitmap.bits || bitmap.bits > BITS_MAX)
		return -ENODATA;
	return read_bitmap(sysroot, folder, &bitmap, ret);
}
