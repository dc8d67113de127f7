/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UTIL_NOW_H
#define UTIL_NOW_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* The clock of births and events: it goes on while the system is suspended. */
static inline uint64_t now_boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* The same as the kernel has it: in a time namespace, ours has an offset. */
uint64_t now_kernel_ns(void);

/* Return: the offset of that clock in a file as /proc/PID/timens_offsets. */
int64_t now_read_offset(FILE *file);

#endif
