// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "mkbufs/fdinfo.h"

int fdinfo_read(int fd, struct fdinfo *ret)
{
	struct fdinfo info = { .count = -1 };
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	/* The name comes last and can forge lines: keep the first of each. */
	while (fgets(line, sizeof(line), f)) {
		if (info.count < 0)
			sscanf(line, "count:\t%ld", &info.count);
		if (!info.exp[0])
			sscanf(line, "exp_name:\t%63[^\n]", info.exp);
	}
	fclose(f);
	if (info.count < 0 || !info.exp[0])
		return -ENODATA;
	*ret = info;
	return 0;
}
