/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Build IDs as text. */
#ifndef UTIL_BUILD_ID_H
#define UTIL_BUILD_ID_H

#include <stdint.h>

enum { BUILD_ID_BYTES = 20, BUILD_ID_TEXT = 2 * BUILD_ID_BYTES + 1 };

/*
 * Writes hexadecimal digits. The kernel puts zeros behind a shorter one, and
 * does not tell its size: it is taken for one of 8 or 16 bytes, as linkers make
 * them, when nothing but zeros follows. Return: @text.
 */
char *build_id_text(const uint8_t id[BUILD_ID_BYTES], char text[BUILD_ID_TEXT]);

#endif
