/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the kernel's modules are. */
#ifndef SYMBOLS_MODULES_H
#define SYMBOLS_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#include "util/sysroot.h"
#include "util/vec.h"

enum { MODULE_NAME = 64 };

struct module {
	char name[MODULE_NAME];
	uint64_t begins, size;
};

/*
 * Reads /proc/modules into a vec of struct module; without that file, there are
 * none. Return: 0 or -ENOMEM.
 */
int modules_read(const struct sysroot *sysroot, struct vec *modules);

/*
 * Whether code of a module can be at an address. @begins: of the symbol before
 * it. /proc/kallsyms also names modules that are none, of code that the kernel
 * makes while it runs: a page of it at most.
 */
bool modules_have(const struct vec *modules, const char *name, uint64_t begins,
		  uint64_t at);

#endif
