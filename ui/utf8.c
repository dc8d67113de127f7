// SPDX-License-Identifier: GPL-2.0-or-later
#include <langinfo.h>
#include <stdio.h>
#include <string.h>

#include "ui/utf8.h"
#include "util/array.h"

enum { UTF8_MOST = 4 };

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

/*
 * Whether a terminal acts on a character: C0, DEL, C1 as UTF-8, and characters
 * that change the direction of the text (U+200E, U+200F, U+202A to U+202E,
 * U+2066 to U+2069).
 */
static bool is_control(const char *s, size_t length)
{
	const unsigned char *u = (const unsigned char *)s;

	switch (length) {
	case 1:
		return u[0] < 0x20 || u[0] == 0x7f;
	case 2:
		return u[0] == 0xc2 && u[1] < 0xa0;
	case 3:
		return u[0] == 0xe2 &&
		       ((u[1] == 0x80 && (u[2] == 0x8e || u[2] == 0x8f ||
					  (u[2] >= 0xaa && u[2] <= 0xae))) ||
			(u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9));
	}
	return false;
}

static void printable(const char *s, char *to, bool ascii)
{
	const char *end = s + strlen(s);
	size_t length, i;

	while (s < end) {
		length = utf8_length(s, end);
		if (!length || is_control(s, length) || (ascii && length > 1)) {
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

void utf8_valid(const char *s, char *to)
{
	size_t length;
	bool whole;

	for (; *s; s += length) {
		length = utf8_step(s, &whole);
		if (whole)
			to = mempcpy(to, s, length);
		else
			to = stpcpy(to, "\xef\xbf\xbd");
	}
	*to = 0;
}

bool locale_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

void locale_printable(const char *s, char *to)
{
	printable(s, to, !locale_is_utf8());
}
