/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings from other programs and files, which may have any byte. */
#ifndef UI_UTF8_H
#define UI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether a byte is a character of its own that all formats show as it is:
 * printable ASCII without '"' and '\\'. Almost all text is of these.
 */
extern const bool utf8_is_plain[256];

/*
 * Copies the plain characters that @text begins with, at most @most. Return:
 * how many. Inline, because each text of each row goes through it.
 */
static inline size_t utf8_copy_plain(char *to, const char *text, size_t most)
{
	size_t n;

	for (n = 0; n < most && utf8_is_plain[(unsigned char)text[n]]; n++)
		to[n] = text[n];
	return n;
}

/*
 * Return: the length of the UTF-8 sequence at @s, which ends at @end at the
 * latest; 0 when the bytes are not valid UTF-8.
 */
size_t utf8_length(const char *s, const char *end);

/*
 * How many bytes at @s, at least one, are a character or the beginning of
 * one. @ret takes whether they are a whole one. A NUL ends the string, so that
 * bytes after a NUL are not read.
 */
size_t utf8_step(const char *s, bool *ret);

/* Return: the number of a whole character, of @length bytes. */
uint32_t utf8_code(const char *s, size_t length);

/* Whether a terminal acts on a whole character instead of showing it. */
bool utf8_is_control(const char *s, size_t length);

/*
 * Copies @s so that a terminal only shows it: control characters and bytes that
 * are not UTF-8 become \xNN, a backslash becomes \\.
 * @to needs 4 * strlen(s) + 1 bytes.
 */
void utf8_printable(const char *s, char *to);

/* The same for a terminal without UTF-8: bytes that are not ASCII become \xNN.
 */
void ascii_printable(const char *s, char *to);

/* Calls the one of these two that fits the locale. */
void locale_printable(const char *s, char *to);

/*
 * Sets the locale that the environment names, one that does not exist being
 * "C". Return: 0 or -ENOMEM.
 */
int locale_set(void);

/* Whether terminals of this locale show UTF-8. */
bool locale_is_utf8(void);

#endif
