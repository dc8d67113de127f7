// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adversary/pins.h"
#include "adversary/report.h"

static void read_vmstat(char *text, size_t size)
{
	int refresh = open("/proc/sys/vm/stat_refresh", O_WRONLY | O_CLOEXEC);
	int file = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	size_t bytes = 0;
	ssize_t n;

	/* Adds up the counts of the CPUs. */
	if (refresh < 0 || file < 0 || write(refresh, "1", 1) != 1)
		give_up("/proc/vmstat: %s", strerror(errno));
	while ((n = read(file, text + bytes, size - 1 - bytes)) > 0)
		bytes += n;
	text[bytes] = 0;
	close(file);
	close(refresh);
}

static long value_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	if (!at)
		give_up("/proc/vmstat does not have %s", name);
	return atol(at + strlen(name));
}

long pins_count(void)
{
	static char text[64 * 1024];

	read_vmstat(text, sizeof(text));
	return value_of(text, "nr_foll_pin_acquired ") -
	       value_of(text, "nr_foll_pin_released ");
}

bool pins_wait(long wanted)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (pins_count() == wanted)
			return true;
		usleep(100 * 1000);
	}
	return false;
}
