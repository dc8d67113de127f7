/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scans text of the kernel, from its start to its end. */
#ifndef UTIL_SCAN_H
#define UTIL_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* The bytes that are left; a NUL does not end them. */
struct scan {
	const char *at, *end;
};

/* Skips @word if the text begins with it. Return: whether it does. */
bool scan_word(struct scan *text, const char *word);

/*
 * Skips a number of at least one digit; anything may follow it. @base is 10 or
 * 16, with lower-case letters. Return: whether there is a number, and it fits.
 */
bool scan_number(struct scan *text, unsigned int base, uint64_t *ret);

/* Whether a string is nothing but a decimal number, which fits. */
bool scan_whole_number(const char *string, uint64_t *ret);

#endif
