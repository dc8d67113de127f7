// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "util/scan.h"

bool scan_word(struct scan *text, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(text->end - text->at) < n || memcmp(text->at, word, n))
		return false;
	text->at += n;
	return true;
}

static int digit(char c, unsigned int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	return value < (int)base ? value : -1;
}

bool scan_number(struct scan *text, unsigned int base, uint64_t *ret)
{
	const char *start = text->at;
	uint64_t value = 0;
	int next;

	while (text->at < text->end && (next = digit(*text->at, base)) >= 0) {
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, next, &value))
			return false;
		text->at++;
	}
	*ret = value;
	return text->at > start;
}

bool scan_whole_number(const char *string, uint64_t *ret)
{
	struct scan text = { string, string + strlen(string) };

	return scan_number(&text, 10, ret) && text.at == text.end;
}
