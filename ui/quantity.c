// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ui/quantity.h"

static const char digits[] = "0123456789";

/* Return: length of the digits, 0 when there are none. */
static size_t read_digits(const char *text, uint64_t *ret)
{
	size_t n = strspn(text, digits);

	errno = 0;
	*ret = n ? strtoull(text, NULL, 10) : 0;
	return n;
}

/* Return: length of the suffix, and what to multiply by. */
static size_t read_suffix(const char *text, uint64_t *factor)
{
	static const char suffixes[] = "KkMmGgTtPpEe";
	const char *suffix = *text ? strchr(suffixes, *text) : NULL;

	*factor = 1;
	if (!suffix)
		return 0;
	*factor = 1ULL << 10 * ((suffix - suffixes) / 2 + 1);
	return strncmp(text + 1, "iB", 2) ? 1 : 3;
}

size_t quantity_parse(const char *text, uint64_t *ret)
{
	uint64_t number, factor;
	size_t n = read_digits(text, &number);

	if (!n || errno)
		return 0;
	n += read_suffix(text + n, &factor);
	if (__builtin_mul_overflow(number, factor, &number))
		return 0;
	*ret = number;
	return n;
}

int number_parse(const char *text, uint64_t *ret)
{
	uint64_t number;
	size_t n = read_digits(text, &number);

	if (!n || text[n])
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*ret = number;
	return 0;
}

int integer_parse(const char *text, uint64_t *ret)
{
	uint64_t number;
	size_t n = quantity_parse(text, &number);
	char *end;

	/* A leading 0 is octal, as in C, unless a suffix follows. */
	if (!n || text[n] || (text[0] == '0' && strspn(text, digits) == n)) {
		errno = 0;
		number = strtoull(text, &end, 0);
		if (end == text || *end)
			return -EINVAL;
		if (errno)
			return -ERANGE;
	}
	*ret = number;
	return 0;
}

int duration_parse(const char *text, uint64_t *ret)
{
	static const char units[] = "smhd";
	static const uint64_t seconds[] = { 1, 60, 3600, 86400 };
	uint64_t number, ns, sum = 0;
	const char *unit;
	size_t n;

	if (!*text)
		return -EINVAL;
	for (; *text; text += n + 1) {
		n = read_digits(text, &number);
		unit = n && text[n] ? strchr(units, text[n]) : NULL;
		if (!unit)
			return -EINVAL;
		if (errno ||
		    __builtin_mul_overflow(
			    number, seconds[unit - units] * 1000000000, &ns) ||
		    __builtin_add_overflow(sum, ns, &sum))
			return -ERANGE;
	}
	*ret = sum;
	return 0;
}
