/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SYMBOLS_BUILD_ID_H
#define SYMBOLS_BUILD_ID_H

#include "symbols/symbol.h"

/*
 * Reads the build ID of an ELF file of this byte order, at most 20 bytes of it,
 * as the kernel does. Every byte of the file may be wrong. Return: 0 or -errno:
 * -ENODATA when the file does not have one.
 */
int build_id_read(int fd, uint8_t ret[SYMBOL_BUILD_ID]);

#endif
