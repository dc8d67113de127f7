/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes any bytes as a JSON string that is valid JSON and valid UTF-8.
 *
 * Bytes that are not UTF-8 become U+FFFD, one for each maximal subpart: every
 * byte that cannot start a character is one U+FFFD, and a character that breaks
 * off early is one, however many of its bytes are there. This is what browsers
 * and Python's errors="replace" do. Who needs the exact bytes writes them in
 * hex beside it.
 */
#ifndef TESTS_GUEST_JSON_STR_H
#define TESTS_GUEST_JSON_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * How many bytes at @s belong together: a whole character (*@ok is true) or a
 * broken one (*@ok is false). @len is at least 1. The bounds of the second byte
 * keep overlong forms, surrogates and what is above U+10FFFF out.
 */
static inline size_t utf8_span(const unsigned char *s, size_t len, bool *ok)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t want, i;

	*ok = true;
	if (s[0] < 0x80)
		return 1;

	*ok = false;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		want = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		want = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		want = 4;
	else
		return 1;

	if (s[0] == 0xe0)
		lo = 0xa0;
	else if (s[0] == 0xed)
		hi = 0x9f;
	else if (s[0] == 0xf0)
		lo = 0x90;
	else if (s[0] == 0xf4)
		hi = 0x8f;

	for (i = 1; i < want; i++) {
		if (i >= len || s[i] < lo || s[i] > hi)
			return i;
		lo = 0x80;
		hi = 0xbf;
	}
	*ok = true;
	return want;
}

static inline void json_str(FILE *f, const char *str, size_t len)
{
	const unsigned char *s = (const unsigned char *)str;
	size_t i, n;
	bool ok;

	putc('"', f);
	for (i = 0; i < len; i += n) {
		n = utf8_span(s + i, len - i, &ok);
		if (!ok)
			fputs("\xef\xbf\xbd", f);
		else if (s[i] == '"' || s[i] == '\\')
			fprintf(f, "\\%c", s[i]);
		else if (s[i] < 0x20 || s[i] == 0x7f)
			fprintf(f, "\\u%04x", s[i]);
		else
			fwrite(s + i, 1, n, f);
	}
	putc('"', f);
}

static inline void json_hex(FILE *f, const char *str, size_t len)
{
	size_t i;

	putc('"', f);
	for (i = 0; i < len; i++)
		fprintf(f, "%02x", (unsigned char)str[i]);
	putc('"', f);
}

#endif
