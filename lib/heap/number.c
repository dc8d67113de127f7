// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/number.h"

#include <stdio.h>

#include "util/scan.h"

struct opt_u64 number_read(const struct sysroot *sysroot, const char *folder,
			   const char *file)
{
	struct opt_u64 value = {};
	char path[256], line[32];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	value.known = !sysroot_read_line(sysroot, path, line, sizeof(line)) &&
		      scan_whole_number(line, &value.number);
	return value;
}
