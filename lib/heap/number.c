// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/number.h"

#include <stdio.h>

#include "util/scan.h"
#include "util/u64.h"

bool number_of_kib(const char *line, const char *word, uint64_t *ret)
{
	struct scan text = { line, line + strcspn(line, "\n") };
	uint64_t kib;

	if (!scan_word(&text, word))
		return false;
	while (scan_word(&text, " "))
		;
	if (!scan_number(&text, 10, &kib) || !scan_word(&text, " kB") ||
	    text.at != text.end)
		return false;
	*ret = u64_sat_mul(kib, 1024);
	return true;
}

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
