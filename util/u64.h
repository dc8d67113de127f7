/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing, adding and printing numbers. */
#ifndef UTIL_U64_H
#define UTIL_U64_H

#include <stdint.h>
#include <string.h>

/* For qsort(): less than 0, 0, or more, as @a is to @b. */
static inline int u64_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The same of two numbers, for a vector of uint64_t. */
static inline int u64_compare_at(const void *left, const void *right)
{
	return u64_compare(*(const uint64_t *)left, *(const uint64_t *)right);
}

/* Adds. A sum that is too large becomes UINT64_MAX. */
static inline uint64_t u64_sat_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* Multiplies. A product that is too large becomes UINT64_MAX. */
static inline uint64_t u64_sat_mul(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* Bytes of the longest number as text, with its NUL. */
#define NUMBER_TEXT 21

/* Bytes of the longest address. */
#define ADDRESS_TEXT 18

/* Writes "0x" and the digits of @address. Return: their end. */
static inline char *address_put(char *to, uint64_t address)
{
	const int digits = (63 - __builtin_clzll(address | 1)) / 4 + 1;
	int i;

	*to++ = '0';
	*to++ = 'x';
	for (i = digits; i--; address >>= 4)
		to[i] = "0123456789abcdef"[address & 15];
	return to + digits;
}

/* The same as number_put(), for a number of any length. */
char *number_put_long(char *to, uint64_t number);

/*
 * Writes @number, in decimal, without a NUL: less than NUMBER_TEXT bytes.
 * Return: their end.
 */
static inline char *number_put(char *to, uint64_t number)
{
	/* As most counts are. */
	if (number < 10) {
		*to = '0' + number;
		return to + 1;
	}
	return number_put_long(to, number);
}

#endif
