/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of a few bytes, without a call and almost without a branch. */
#ifndef UTIL_COPY_H
#define UTIL_COPY_H

#include <stddef.h>
#include <string.h>

/* Bytes behind both texts that these functions may read and write. */
enum { COPY_SLACK = 15 };

/* Copies @n bytes. Return: their end in @to. */
static inline char *copy_short(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i += COPY_SLACK + 1)
		memcpy(to + i, from + i, COPY_SLACK + 1);
	return to + n;
}

/* Writes @n blanks. Return: their end in @to. */
static inline char *copy_blanks(char *to, size_t n)
{
	size_t i;

	for (i = 0; i < n; i += COPY_SLACK + 1)
		memset(to + i, ' ', COPY_SLACK + 1);
	return to + n;
}

#endif
