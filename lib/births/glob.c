// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/glob.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "util/glob.h"

/* The first byte that is not ASCII. */
enum { ASCII_END = 128 };

/* Return: the end of "[:alpha:]" or the like at @at, or @at. */
static const char *skip_class(const char *at)
{
	const char kind = at[0] == '[' ? at[1] : 0;
	const char *end = at + 2;

	if (kind == ':')
		end += strspn(end, "abcdefghijklmnopqrstuvwxyz");
	else if ((kind == '.' || kind == '=') && *end)
		end++;
	else
		return at;
	return end[0] == kind && end[1] == ']' ? end + 2 : at;
}

/* Return: what is behind one character, or class of them, in brackets. */
static const char *skip_one(const char *at)
{
	const char *end = skip_class(at);

	if (end != at)
		return end;
	return at + (at[0] == '\\' && at[1] ? 2 : 1);
}

/* Return: the bytes of the brackets at @at, 0 when they do not end. */
static size_t bracket_length(const char *at)
{
	const char *p = at + 1;

	p += *p == '!' || *p == '^';
	/* The first character is not the end, whatever it is. */
	do {
		if (!*p)
			return 0;
		p = skip_one(p);
	} while (*p != ']');
	return p + 1 - at;
}

/* Return: the bytes of what stands for one character at @at. */
static size_t part_length(const char *at)
{
	if (*at == '\\' && at[1])
		return 2;
	return *at == '[' ? bracket_length(at) ?: 1 : 1;
}

static bool is_ascii(const char *text, size_t n)
{
	while (n--)
		if ((unsigned char)text[n] >= ASCII_END)
			return false;
	return true;
}

/* Whether a byte is what a part of a pattern stands for. */
static bool part_matches(const char *part, size_t n, unsigned char byte)
{
	const char text[] = { (char)byte, 0 };
	char pattern[TRACK_GLOB_LEN];

	if (part[0] == '?')
		return true;
	if (n == 1 && part[0] != '\\')
		return part[0] == text[0];
	if (n == 2 && part[0] == '\\')
		return part[1] == text[0];
	memcpy(pattern, part, n);
	pattern[n] = 0;
	return glob_matches(pattern, text);
}

int glob_compile(const char *pattern, struct track_glob *ret)
{
	unsigned int byte, place = 0;
	size_t n;

	if (strlen(pattern) >= TRACK_GLOB_LEN)
		return -E2BIG;
	*ret = (struct track_glob){};
	for (; *pattern; pattern += n) {
		n = part_length(pattern);
		if (*pattern == '*') {
			ret->stay |= 1ULL << place;
			continue;
		}
		if (n > 2 && !is_ascii(pattern, n))
			return -EILSEQ;
		place++;
		for (byte = 1; byte < 256; byte++)
			if (part_matches(pattern, n, byte))
				ret->next[byte] |= 1ULL << place;
	}
	ret->end = 1ULL << place;
	return 0;
}
