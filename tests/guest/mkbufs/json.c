// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "mkbufs/json.h"

/* What the first byte of a character says about the others. */
struct lead {
	unsigned char first, last; /* the lead bytes that this is about */
	unsigned char min, max; /* bounds of the second byte */
	size_t bytes; /* of the character */
};

/*
 * The bounds exclude overlong forms, surrogates and characters above U+10FFFF.
 */
static const struct lead leads[] = {
	{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct lead *find_lead(unsigned char byte)
{
	size_t i;

	for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

/*
 * Counts the bytes at @s that belong together. *@valid tells whether they are a
 * character or a part of one. The NUL at the end of the string is no
 * continuation byte, so it ends a character that is cut.
 */
static size_t utf8_span(const unsigned char *s, bool *valid)
{
	const struct lead *lead = find_lead(s[0]);
	size_t i;

	*valid = false;
	if (!lead)
		return 1;
	for (i = 1; i < lead->bytes; i++) {
		const unsigned char min = i == 1 ? lead->min : 0x80;
		const unsigned char max = i == 1 ? lead->max : 0xbf;

		if (s[i] < min || s[i] > max)
			return i;
	}
	*valid = true;
	return lead->bytes;
}

void json_str(FILE *f, const char *str)
{
	const unsigned char *s = (const unsigned char *)str;
	size_t n;
	bool valid;

	putc('"', f);
	for (; *s; s += n) {
		n = utf8_span(s, &valid);
		if (!valid)
			fputs("\xef\xbf\xbd", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(f, "\\u%04x", *s);
		else
			fwrite(s, 1, n, f);
	}
	putc('"', f);
}

void json_hex(FILE *f, const char *s)
{
	putc('"', f);
	for (; *s; s++)
		fprintf(f, "%02x", (unsigned char)*s);
	putc('"', f);
}
