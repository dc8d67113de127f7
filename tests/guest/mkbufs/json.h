/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings in JSON. */
#ifndef TESTS_GUEST_MKBUFS_JSON_H
#define TESTS_GUEST_MKBUFS_JSON_H

#include <stdio.h>

/*
 * Writes @s as a JSON string, which is valid JSON and valid UTF-8 for any
 * bytes.
 *
 * Each maximal subpart that is not UTF-8 becomes one U+FFFD: one for a byte
 * that cannot start a character, one for a character that is cut, however many
 * of its bytes are there. Browsers and Python's errors="replace" do the same.
 */
void json_str(FILE *f, const char *s);

/* Writes the bytes of @s as a JSON string of hexadecimal digits. */
void json_hex(FILE *f, const char *s);

#endif
