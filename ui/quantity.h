/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and sizes as users write them, in options, operands and conditions.
 */
#ifndef UI_QUANTITY_H
#define UI_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/* What help says of a size. */
#define QUANTITY_EXAMPLES "4096, 64K or 4M"

/*
 * Reads a number at the beginning of @text. It may end with K, M, G, T, P or E,
 * which are powers of 1024, in either case; KiB and so on mean the same.
 * Return: its length, 0 when there is none or it is above UINT64_MAX.
 */
size_t quantity_parse(const char *text, uint64_t *ret);

/*
 * Reads a number that is all of @text: digits only. Return: 0, -EINVAL, or
 * -ERANGE above UINT64_MAX.
 */
int number_parse(const char *text, uint64_t *ret);

/*
 * Reads what is all of @text: a quantity, or an integer as C has it, such as
 * 0x10, 0755 or -1, which is UINT64_MAX. Return: as number_parse().
 */
int integer_parse(const char *text, uint64_t *ret);

/*
 * Reads a time that is all of @text: numbers with the units d, h, m and s, such
 * as 10m or 1h30m. Return: as number_parse(); @ret takes nanoseconds.
 */
int duration_parse(const char *text, uint64_t *ret);

#endif
