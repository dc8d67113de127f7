// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "ui/utf8.h"
#include "util/array.h"

enum { UTF8_MOST = 4 };

const bool utf8_is_plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

/* The forms of a character: its first byte, its second, how many follow. */
static const struct {
	unsigned char first, last; /* of the first byte */
	unsigned char low, high; /* of the second */
	size_t more;
} forms[] = {
	{ 0x00, 0x7f, 0, 0, 0 },       { 0xc2, 0xdf, 0x80, 0xbf, 1 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 2 }, { 0xe1, 0xec, 0x80, 0xbf, 2 },
	{ 0xed, 0xed, 0x80, 0x9f, 2 }, { 0xee, 0xef, 0x80, 0xbf, 2 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 3 }, { 0xf1, 0xf3, 0x80, 0xbf, 3 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 3 },
};

/*
 * Counts the bytes at @s that begin a character. @whole tells whether they are
 * all of it, or the next byte does not belong to a character.
 */
static size_t begins(const char *s, const char *end, bool *whole)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t left = end - s, form, n;

	*whole = false;
	for (form = 0; form < ARRAY_SIZE(forms); form++)
		if (u[0] >= forms[form].first && u[0] <= forms[form].last)
			break;
	if (form == ARRAY_SIZE(forms))
		return 1;
	for (n = 1; n <= forms[form].more; n++) {
		if (n == left || u[n] < (n == 1 ? forms[form].low : 0x80) ||
		    u[n] > (n == 1 ? forms[form].high : 0xbf))
			return n;
	}
	*whole = true;
	return n;
}

size_t utf8_length(const char *s, const char *end)
{
	bool whole;
	size_t length = begins(s, end, &whole);

	return whole ? length : 0;
}

uint32_t utf8_code(const char *s, size_t length)
{
	uint32_t code = (unsigned char)*s;
	size_t i;

	if (length > 1)
		code &= 0x7f >> length;
	for (i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}

bool utf8_is_control(const char *s, size_t length)
{
	static const struct {
		uint32_t first, last;
	} controls[] = {
		{ 0x00, 0x1f }, /* C0 */
		{ 0x7f, 0x9f }, /* DEL, C1 */
		/* Change the direction of the text. */
		{ 0x200e, 0x200f },
		{ 0x202a, 0x202e },
		{ 0x2066, 0x2069 },
	};
	const uint32_t code = utf8_code(s, length);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(controls); i++)
		if (code >= controls[i].first && code <= controls[i].last)
			return true;
	return false;
}

static void printable(const char *s, char *to, bool ascii)
{
	const char *end = s + strlen(s);
	size_t length, i;

	while (s < end) {
		if (utf8_is_plain[(unsigned char)*s]) {
			*to++ = *s++;
			continue;
		}
		length = utf8_length(s, end);
		if (!length || utf8_is_control(s, length) ||
		    (ascii && length > 1)) {
			for (i = 0; i < (length ?: 1); i++)
				to += sprintf(to, "\\x%02x",
					      (unsigned char)*s++);
			continue;
		}
		if (*s == '\\')
			*to++ = '\\';
		to = mempcpy(to, s, length);
		s += length;
	}
	*to = 0;
}

void utf8_printable(const char *s, char *to)
{
	printable(s, to, false);
}

void ascii_printable(const char *s, char *to)
{
	printable(s, to, true);
}

size_t utf8_step(const char *s, bool *ret)
{
	/* No form takes a NUL after its first byte. */
	return begins(s, s + UTF8_MOST, ret);
}

bool locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

void locale_printable(const char *s, char *to)
{
	printable(s, to, !locale_is_utf8());
}

int locale_set(void)
{
	mbstate_t state = {};
	wchar_t wide;

	errno = 0;
	if (!setlocale(LC_CTYPE, "") && errno == ENOMEM)
		return -ENOMEM;
	/* The first character loads the conversion, which may fail later. */
	if (locale_is_utf8() && mbrtowc(&wide, "\xc3\xa9", 2, &state) != 2)
		return -ENOMEM;
	return 0;
}
