// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collect/process_cgroup.h"
#include "snapshot/snapshot.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "util/scan.h"

/*
 * Whether a line is of the hierarchy that @controllers names: it has its
 * number, its controllers and the path, with colons in between. Users choose
 * the path, but the kernel allows no newline in it. Moves @line to the path.
 */
static bool take_hierarchy(struct scan *line, const char *controllers)
{
	struct scan at = *line;
	uint64_t number;

	if (!scan_number(&at, 10, &number) || !scan_word(&at, ":") ||
	    !scan_word(&at, controllers) || !scan_word(&at, ":"))
		return false;
	*line = at;
	return true;
}

bool process_parse_cgroup(const char *text, char *path, size_t size)
{
	/* The unified hierarchy, or systemd's own. */
	static const char *const controllers[] = { "", "name=systemd" };
	const char *next;
	struct scan line;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(controllers); i++)
		for (line.at = text; *line.at; line.at = next) {
			line.end = strchrnul(line.at, '\n');
			next = line.end + (*line.end == '\n');
			if (take_hierarchy(&line, controllers[i])) {
				snprintf(path, size, "%.*s",
					 (int)(line.end - line.at), line.at);
				return true;
			}
		}
	return false;
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
