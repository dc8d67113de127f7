// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collect/process_cgroup.h"
#include "snapshot/snapshot.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/io.h"

bool process_parse_cgroup(const char *text, char *path, size_t size)
{
	/* The unified hierarchy, or the one that systemd names. */
	static const char *const marks[] = { "0::", ":name=systemd:" };
	const char *line, *next, *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		for (line = text; *line; line = next) {
			next = line + strcspn(line, "\n");
			at = strstr(line, marks[i]);
			if (at && at < next && (i || at == line)) {
				at += strlen(marks[i]);
				snprintf(path, size, "%.*s", (int)(next - at),
					 at);
				return true;
			}
			next += *next == '\n';
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
