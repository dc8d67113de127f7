/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of bytes on the command line. */
#ifndef CLI_QUANTITY_H
#define CLI_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads a number that may end with K, M, G, T, P or E, which are powers of
 * 1024. Return: its length, 0 when there is none that fits.
 */
size_t quantity_parse(const char *text, uint64_t *ret);

#endif
