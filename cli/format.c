// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/format.h"

static const struct format *const formats[] = { &format_table, &format_json };

const struct format *format_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}
