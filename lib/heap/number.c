// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/number.h"

#include <stdio.h>
#include <string.h>

#include "util/scan.h"

struct opt_u64 number_read(const struct sysroot *sysroot, const char *folder,
			   const char *file)
{
	struct opt_u64 value = {};
	char path[256], line[32];
	struct scan text;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (sysroot_read_line(sysroot, path, line, sizeof(line)))
		return value;
	text = (struct scan){ line, line + strlen(line) };
	value.known =
		scan_number(&text, 10, &value.number) && text.at == text.end;
	return value;
}
