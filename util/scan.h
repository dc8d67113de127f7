/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that is read from its start, by readers of what the kernel prints. */
#ifndef UTIL_SCAN_H
#define UTIL_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes that are still to be read; a NUL does not end them. */
struct scan {
	const char *at, *end;
};

/* Steps over @word, if it comes next. */
bool scan_word(struct scan *text, const char *word);

/*
 * Steps over a number of one digit at least, which anything may follow. @base
 * is 10 or 16; letters are small. Return: whether there is one that fits.
 */
bool scan_number(struct scan *text, unsigned int base, uint64_t *ret);

#endif
