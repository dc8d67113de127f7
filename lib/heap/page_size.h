/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a page on the machine whose regions are read. */
#ifndef HEAP_PAGE_SIZE_H
#define HEAP_PAGE_SIZE_H

#include <stdint.h>

#include "util/sysroot.h"

/*
 * Finds the size of a page. A recorded tree may be of a machine with other
 * pages than the reader's: tools/record-root stores a line of smaps for this.
 * Without it, @pages and @bytes are all regions by both units, or 0 when not
 * known. Return: bytes, or 0 when it is not known.
 */
uint64_t page_size_find(const struct sysroot *sysroot, uint64_t pages,
			uint64_t bytes);

#endif
