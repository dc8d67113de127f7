// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/quantity.h"

size_t quantity_parse(const char *text, uint64_t *ret)
{
	static const char suffixes[] = "KMGTPE";
	const char *suffix;
	uint64_t number;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return 0;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return 0;
	suffix = *end ? strchr(suffixes, toupper((unsigned char)*end)) : NULL;
	if (suffix) {
		if (__builtin_mul_overflow(
			    number, 1ULL << (10 * (suffix - suffixes + 1)),
			    &number))
			return 0;
		end++;
	}
	*ret = number;
	return end - text;
}
