// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/kernel_range.h"

#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"

uint64_t kernel_lowest_address(void)
{
#ifdef __x86_64__
	_cleanup_fclose_ FILE *file = fopen("/proc/cpuinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	/* The flag is there when the kernel uses five levels of page tables. */
	while (file && getline(&line, &room, file) > 0)
		if (!strncmp(line, "flags", 5))
			return strstr(line, " la57") ? 0xff00000000000000
						     : 0xffff800000000000;
#endif
	return 0;
}
