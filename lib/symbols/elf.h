/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SYMBOLS_ELF_H
#define SYMBOLS_ELF_H

#include "symbols/symbol.h"
#include "util/vec.h"

/*
 * Names places in one file. @debug is a file with its symbols, or -1. @symbols
 * has struct symbol *. libelf reads both files; it may crash or take forever on
 * hostile ones, so this is for a process of its own.
 */
void elf_name(int fd, int debug, const struct vec *symbols);

#endif
