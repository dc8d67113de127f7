// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "collect/task_maps.h"

#ifndef DMA_BUF_MAGIC
#define DMA_BUF_MAGIC 0x444d4142
#endif

/*
 * Whether it is certainly another file with the name of a dma-buf. Only root
 * can tell, and only while the first thread of the process lives.
 */
static bool is_forged(const struct proc_walk *walk,
		      const struct proc_task *task,
		      const struct proc_mapping *mapping)
{
	_cleanup_close_ int fd = -1;
	struct statfs fs;
	char path[64];

	if (!walk->live)
		return false;
	snprintf(path, sizeof(path), "map_files/%llx-%llx",
		 (unsigned long long)mapping->start,
		 (unsigned long long)mapping->end);
	fd = sysroot_open_at(&walk->ctx->sysroot, task->dir, path, O_PATH);
	return fd >= 0 && !fstatfs(fd, &fs) && fs.f_type != DMA_BUF_MAGIC;
}

static int read_mapping(struct proc_walk *walk, struct proc_task *task,
			const char *line, size_t size)
{
	struct proc_mapping mapping;
	int r = parse_maps_line(line, size, &mapping);

	if (r == -ENODATA)
		return 0;
	if (r) {
		proc_note_odd(walk, SEES_MAP, task, "maps");
		return 0;
	}
	if (is_forged(walk, task, &mapping))
		return 0;
	proc_read_comm(walk, task);
	return walk->sink->mapping(walk, task, &mapping);
}

int task_read_maps(struct proc_walk *walk, struct proc_task *task)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int r;

	r = sysroot_fopen(&walk->ctx->sysroot, task->dir, "maps", &file);
	if (r)
		return proc_forgive(walk, SEES_MAP, r);
	/* stdio reads /proc in small pieces. The kernel returns a page each. */
	(void)setvbuf(file, NULL, _IOFBF, 16 * 1024);
	while ((n = getline(&line, &room, file)) > 0) {
		walk->has_memory = true;
		r = read_mapping(walk, task, line, n - (line[n - 1] == '\n'));
		if (r)
			return r;
	}
	/* When out of memory, getline() sets neither error nor end of file. */
	if (ferror(file) || !feof(file))
		return proc_forgive(walk, SEES_MAP, -errno);
	return 0;
}
