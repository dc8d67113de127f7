/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings that came from elsewhere and may hold any byte. */
#ifndef UI_UTF8_H
#define UI_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Length of the valid UTF-8 sequence at @s, whose end is @end; 0 when the
 * bytes there are not one.
 */
size_t utf8_length(const char *s, const char *end);

/*
 * How many bytes at @s, at least one, are a character or the beginning of
 * one. @ret takes whether they are a whole one. A NUL ends the string, so that
 * bytes after a NUL are not read.
 */
size_t utf8_step(const char *s, bool *ret);

/*
 * Copies @s so that a terminal shows it and does nothing else: control
 * characters and bytes that are not UTF-8 become \xNN, a backslash \\.
 * @to needs 4 * strlen(s) + 1 bytes.
 */
void utf8_printable(const char *s, char *to);

/* The same for a terminal without UTF-8: all but ASCII becomes \xNN. */
void ascii_printable(const char *s, char *to);

/* The one of the two that the locale's terminal is for. */
void locale_printable(const char *s, char *to);

/* Whether terminals of this locale show UTF-8. */
bool locale_is_utf8(void);

/*
 * Copies @s as valid UTF-8: U+FFFD replaces what is not, once for the bytes
 * that would have been one character. @to needs 3 * strlen(s) + 1 bytes.
 */
void utf8_valid(const char *s, char *to);

#endif
