/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings that came from elsewhere and may hold any byte. */
#ifndef UI_UTF8_H
#define UI_UTF8_H

#include <stddef.h>

/*
 * Length of the valid UTF-8 sequence at @s, whose end is @end; 0 when the
 * bytes there are not one.
 */
size_t utf8_length(const char *s, const char *end);

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

/*
 * Copies @s as valid UTF-8: what is none becomes U+FFFD, one for the bytes that
 * would have been one character. @to needs 3 * strlen(s) + 1 bytes.
 */
void utf8_valid(const char *s, char *to);

#endif
