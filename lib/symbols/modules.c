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

bool modules_have(const struct vec *modules, const char *name, uint64_t begins,
		  uint64_t at)
{
	const struct module *module = NULL;

	while ((module = vec_next(modules, module)))
		if (!strcmp(module->name, name))
			return at >= module->begins &&
			       at - module->begins <= module->size;
	return at - begins <= PAGE;
}
