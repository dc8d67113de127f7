/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's symbols, from /proc/kallsyms: BTF has none of data. */
#ifndef WALK_SYMBOLS_H
#define WALK_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "util/sysroot.h"

struct symbols;

/*
 * Symbols of a root, which are read when the first one is asked for. Return:
 * them, or NULL when memory is out.
 *
 * Ownership: the caller frees them, before @sysroot goes.
 */
struct symbols *symbols_new(const struct sysroot *sysroot);
void symbols_free(struct symbols *symbols);

/*
 * Opens their file, for a program that drops CAP_SYSLOG: the file shows what
 * its reader was permitted to see when it was opened. Return: 0 or -errno.
 */
int symbols_open(struct symbols *symbols);

/*
 * Finds the address of a symbol. Return: 0; -ENOENT with the nearest name,
 * -ENOTUNIQ, -EPERM when addresses are hidden, or another negative errno, with
 * the reason in @error.
 */
int symbols_find(struct symbols *symbols, const char *name, size_t length,
		 uint64_t *ret, struct dmabuf_error *error);

/* Calls @each for the name of each symbol. Return: 0 or -errno. */
int symbols_each(struct symbols *symbols,
		 void (*each)(void *data, const char *name), void *data);

/*
 * Writes the symbol that an address is in, and how far, as in "name+0x10", or
 * the address when it is in none.
 */
void symbols_name(struct symbols *symbols, uint64_t address, char *to,
		  size_t size);

#endif
