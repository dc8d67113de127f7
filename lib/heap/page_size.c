// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/page_size.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "util/scan.h"

/* Linux has pages of 4 KiB to 256 KiB. */
static bool is_page_size(uint64_t bytes)
{
	return bytes >= 4096 && bytes <= 256 << 10 && !(bytes & (bytes - 1));
}

/* A line such as "KernelPageSize:       16 kB". Return: bytes, or 0. */
static uint64_t recorded(const struct sysroot *sysroot)
{
	char line[64];
	struct scan text;
	uint64_t kib;

	if (sysroot_read_line(sysroot, "proc/self/smaps", line, sizeof(line)))
		return 0;
	text = (struct scan){ line, line + strlen(line) };
	if (!scan_word(&text, "KernelPageSize:"))
		return 0;
	while (scan_word(&text, " "))
		;
	return scan_number(&text, 10, &kib) && kib < 1024 ? kib * 1024 : 0;
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
