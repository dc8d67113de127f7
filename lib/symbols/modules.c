// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/modules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

enum { PAGE = 4096 };

/* A line: name, size, references, users, state, address. */
static int take_line(struct vec *modules, const char *line)
{
	struct module module = {};

	if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s %" SCNx64, module.name,
		   &module.size, &module.begins) != 3)
		return 0;
	return vec_push(modules, &module);
}

int modules_read(const struct sysroot *sysroot, struct vec *modules)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	int r = sysroot_fopen(sysroot, SYSROOT_TOP, "proc/modules", &file);

	if (r)
		return r == -ENOMEM ? r : 0;
	while (!r && getline(&line, &room, file) > 0)
		r = take_line(modules, line);
	/* When out of memory, getline() sets neither error nor end of file. */
	if (!r && !feof(file) && !ferror(file))
		return -ENOMEM;
	return r;
}

static const struct module *find(const struct vec *modules, const char *name)
{
	const struct module *module = NULL;

	while ((module = vec_next(modules, module)))
		if (!strcmp(module->name, name))
			return module;
	return NULL;
}

/*
 * Whether an address can be in a module. Since v6.4, its code, its data and
 * what is read-only are apart, and the size is that of all: code ends at the
 * latest where that of another module begins.
 */
static bool may_contain(const struct vec *modules, const struct module *module,
			uint64_t at)
{
	const struct module *other = NULL;

	if (at < module->begins || at - module->begins > module->size)
		return false;
	while ((other = vec_next(modules, other)))
		if (other->begins > module->begins && other->begins < at)
			return false;
	return true;
}

bool modules_have(const struct vec *modules, const char *name, uint64_t begins,
		  uint64_t at)
{
	const struct module *module = find(modules, name);

	return module ? may_contain(modules, module, at) : at - begins <= PAGE;
}
