// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/page_size.h"

#include <stdbool.h>
#include <unistd.h>

#include "heap/number.h"

/* Linux has pages of 4 KiB to 256 KiB. */
static bool is_page_size(uint64_t bytes)
{
	return bytes >= 4096 && bytes <= 256 << 10 && !(bytes & (bytes - 1));
}

/* Return: bytes, or 0. */
static uint64_t recorded(const struct sysroot *sysroot)
{
	char line[64];
	uint64_t bytes;

	if (sysroot_read_line(sysroot, "proc/self/smaps", line, sizeof(line)) ||
	    !number_of_kib(line, "KernelPageSize:", &bytes))
		return 0;
	return bytes;
}

uint64_t page_size_find(const struct sysroot *sysroot, uint64_t pages,
			uint64_t bytes)
{
	uint64_t size;

	if (sysroot_is_live(sysroot))
		return sysconf(_SC_PAGESIZE);
	size = recorded(sysroot);
	if (!size && pages && bytes % pages == 0)
		size = bytes / pages;
	return is_page_size(size) ? size : 0;
}
