// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/now.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

int64_t now_read_offset(FILE *file)
{
	char line[128], clock[16];
	int64_t seconds, ns;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%15s %" SCNd64 " %" SCNd64, clock, &seconds,
			   &ns) == 3 &&
		    !strcmp(clock, "boottime"))
			return seconds * 1000000000 + ns;
	return 0;
}

/*
 * The file has the offset for children. They are in another namespace than this
 * process while it has made one for them, and it is then in the first, mostly.
 */
static bool is_of_children(void)
{
	char own[64] = "", children[64] = "";

	return readlink("/proc/self/ns/time", own, sizeof(own) - 1) < 0 ||
	       readlink("/proc/self/ns/time_for_children", children,
			sizeof(children) - 1) < 0 ||
	       strcmp(own, children) != 0;
}

uint64_t now_kernel_ns(void)
{
	_cleanup_fclose_ FILE *file = NULL;
	uint64_t now = now_boot_ns();

	if (is_of_children())
		return now;
	file = fopen("/proc/self/timens_offsets", "re");
	return file ? now - now_read_offset(file) : now;
}
