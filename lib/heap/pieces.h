/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Free pieces of a CMA region. The kernel aligns a buffer to its size, rounded
 * up to a power of two: at most to CONFIG_CMA_ALIGNMENT. So a free run may be
 * longer than the largest buffer that fits.
 */
#ifndef HEAP_PIECES_H
#define HEAP_PIECES_H

#include <stdint.h>

#include "util/sysroot.h"

/* What CONFIG_CMA_ALIGNMENT can be: the order of a number of pages. */
enum { CMA_ALIGNMENT_LEAST = 2, CMA_ALIGNMENT_MOST = 12 };

/**
 * struct cma_bitmap - which pages of a region are used
 * @words: 32 bits each, the lowest first
 * @bits: number of bits
 * @order_per_bit: a bit stands for 2^@order_per_bit pages
 * @base: number of the first page
 */
struct cma_bitmap {
	const uint32_t *words;
	uint64_t bits;
	unsigned int order_per_bit;
	uint64_t base;
};

/**
 * struct pieces - the free runs of a region
 * @pages: for each order, pages of the longest that begins at a multiple of
 *	2^order pages
 */
struct pieces {
	uint64_t pages[CMA_ALIGNMENT_MOST + 1];
};

void pieces_find(const struct cma_bitmap *bitmap, struct pieces *ret);

/* Return: pages of the largest buffer that fits with CONFIG_CMA_ALIGNMENT. */
uint64_t pieces_largest(const struct pieces *pieces, unsigned int alignment);

/*
 * Reads those of a region of @pages pages from @folder, its folder in debugfs.
 * Return: 0, -ENOMEM, or -ENODATA.
 */
int pieces_read(const struct sysroot *sysroot, const char *folder,
		uint64_t pages, struct pieces *ret);

#endif
