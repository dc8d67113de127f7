// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/u64.h"

#define DIGITS(tens)                                                           \
	tens "0" tens "1" tens "2" tens "3" tens "4" tens "5" tens "6" tens    \
	     "7" tens "8" tens "9"

/* Two digits are written at a time: a division costs more than all else. */
static const char pairs[] = DIGITS("0") DIGITS("1") DIGITS("2") DIGITS("3")
	DIGITS("4") DIGITS("5") DIGITS("6") DIGITS("7") DIGITS("8") DIGITS("9");

static size_t count_digits(uint64_t number)
{
	uint64_t power = 10;
	size_t n = 1;

	/* 10 to the power of the most digits would overflow. */
	for (; number >= power && n < NUMBER_TEXT - 1; power *= 10)
		n++;
	return n;
}

char *number_put_long(char *to, uint64_t number)
{
	char *end = to + count_digits(number), *at = end;

	for (; number >= 10; number /= 100) {
		at -= 2;
		memcpy(at, &pairs[number % 100 * 2], 2);
	}
	if (at > to)
		*to = '0' + number;
	return end;
}
