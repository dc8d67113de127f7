// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "collect/task_maps.h"
#include "util/u64.h"

/*
 * Looks at the mapped file, which only root can open; else the size stays
 * unknown. Return: whether it is certainly another file with the name of a
 * dma-buf.
 */
static bool is_forged(const struct sysroot *sysroot, const char *path,
		      struct proc_mapping *mapping)
{
	_cleanup_close_ int fd =
		sysroot_open_at(sysroot, SYSROOT_TOP, path, O_PATH);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs))
		return false;
	if (fs.f_type != DMA_BUF_MAGIC)
		return true;
	/* Another buffer may be mapped there now. */
	mapping->has_bytes = !fstat(fd, &st) && st.st_ino == mapping->ino;
	mapping->bytes = mapping->has_bytes ? st.st_size : 0;
	return false;
}

/* A recorded tree has the size in the place of the file. */
static void find_recorded_size(const struct sysroot *sysroot, const char *path,
			       struct proc_mapping *mapping)
{
	char line[NUMBER_TEXT];

	mapping->has_bytes =
		!sysroot_read_line(sysroot, path, line, sizeof(line)) &&
		scan_whole_number(line, &mapping->bytes);
}

/* Return: whether it is certainly not a mapping of a dma-buf. */
static bool look_at_file(const struct proc_walk *walk,
			 const struct proc_task *task,
			 struct proc_mapping *mapping)
{
	const struct sysroot *sysroot = &walk->ctx->sysroot;
	char path[80];

	/* The folder of a thread has the files too, unless it is below task. */
	snprintf(path, sizeof(path), "proc/%u/map_files/%llx-%llx", task->tid,
		 (unsigned long long)mapping->start,
		 (unsigned long long)mapping->end);
	if (walk->live)
		return is_forged(sysroot, path, mapping);
	find_recorded_size(sysroot, path, mapping);
	return false;
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
	if (look_at_file(walk, task, &mapping))
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
