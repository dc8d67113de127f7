/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UTIL_NOW_H
#define UTIL_NOW_H

#include <stdint.h>
#include <time.h>

/* The clock of births and events: it goes on while the system is suspended. */
static inline uint64_t now_boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

#endif
