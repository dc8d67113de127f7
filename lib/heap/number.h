/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that may be unknown, and files that have just one. */
#ifndef HEAP_NUMBER_H
#define HEAP_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/sysroot.h"

struct opt_u64 {
	bool known;
	uint64_t number;
};

/*
 * Reads the bytes in a line such as "CmaTotal:          65536 kB", which begins
 * with @word. Return: whether it is such a line.
 */
bool number_of_kib(const char *line, const char *word, uint64_t *ret);

/* Reads the number in a file of a folder. */
struct opt_u64 number_read(const struct sysroot *sysroot, const char *folder,
			   const char *file);

#endif
