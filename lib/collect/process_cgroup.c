// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "collect/process_cgroup.h"
#include "snapshot/snapshot.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "util/scan.h"

/*
 * Splits a line: the number of a hierarchy, its controllers and the path, with
 * colons in between. Users choose the path, but the kernel allows no newline in
 * it.
 */
static bool take_line(struct scan line, struct scan *controllers,
		      struct scan *path)
{
	uint64_t number;
	const char *colon;

	if (!scan_number(&line, 10, &number) || !scan_word(&line, ":"))
		return false;
	colon = memchr(line.at, ':', line.end - line.at);
	if (!colon)
		return false;
	*controllers = (struct scan){ line.at, colon };
	*path = (struct scan){ colon + 1, line.end };
	return true;
}

/*
 * How much the path of a hierarchy tells, at most 3. With systemd's own, its
 * units and most containers are there, and the unified one may lack the latter.
 * A container without systemd is in those of controllers. The top tells
 * nothing.
 */
static int worth(struct scan controllers, struct scan path)
{
	if (path.end - path.at <= 1)
		return 0;
	if (scan_word(&controllers, "name=systemd"))
		return controllers.at == controllers.end ? 3 : 1;
	return controllers.at == controllers.end ? 2 : 1;
}

bool process_parse_cgroup(const char *text, char *path, size_t size)
{
	struct scan line, controllers, found = {}, best = {};
	int most = -1, n;

	for (line.at = text; *line.at;
	     line.at = line.end + (*line.end == '\n')) {
		line.end = strchrnul(line.at, '\n');
		if (!take_line(line, &controllers, &found))
			continue;
		n = worth(controllers, found);
		if (n <= most)
			continue;
		most = n;
		best = found;
	}
	if (most < 0)
		return false;
	snprintf(path, size, "%.*s", (int)(best.end - best.at), best.at);
	return true;
}

static void read_cgroup(const struct sysroot *sysroot,
			struct dmabuf_rec_process *process)
{
	_cleanup_close_ int fd = -1;
	char path[64], text[4096];
	size_t got = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "proc/%u/cgroup", process->pid);
	fd = sysroot_open(sysroot, path);
	if (fd < 0)
		return;
	do {
		n = read_retry(fd, text + got, sizeof(text) - 1 - got);
		got += n > 0 ? n : 0;
	} while (n > 0 && got < sizeof(text) - 1);
	/* A line that does not fit does not count. */
	if (got == sizeof(text) - 1)
		while (got && text[got - 1] != '\n')
			got--;
	text[got] = 0;
	(void)process_parse_cgroup(text, process->cgroup,
				   sizeof(process->cgroup));
}

void process_read_cgroups(const struct sysroot *sysroot,
			  struct dmabuf_snapshot *snapshot)
{
	struct process *process;
	size_t i;

	for (i = 0; i < snapshot->processes.n; i++) {
		process = vec_at(&snapshot->processes, i);
		if (!process->rec.cgroup[0])
			read_cgroup(sysroot, &process->rec);
	}
}
