// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/format.h"

#define ROW(name) &format_##name,

const struct format *const formats[] = { FORMATS(ROW) NULL };

const struct format *format_find(const char *name)
{
	const struct format *const *format;

	for (format = formats; *format; format++)
		if (!strcmp((*format)->name, name))
			return *format;
	return NULL;
}
