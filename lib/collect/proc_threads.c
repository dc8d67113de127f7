// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "collect/proc_files.h"
#include "collect/proc_threads.h"
#include "collect/task_fds.h"
#include "collect/task_maps.h"

/*
 * Tests whether a thread has a table of descriptors that was not read yet, and
 * remembers it; in a recorded tree each thread has one. Return: 1, 0, or
 * -errno.
 */
static int has_new_table(struct proc_walk *walk, pid_t tid)
{
	pid_t first;

	return walk->live ? kcmp_set_add(&walk->tables, tid, &first) : 1;
}

bool proc_has_threads(const struct proc_walk *walk,
		      const struct proc_task *task)
{
	struct stat st;

	/* The folder has two links itself; each thread adds one. */
	return !walk->live || fstatat(task->dir, "task", &st, 0) ||
	       st.st_nlink > 3;
}

static int read_thread(struct proc_walk *walk, const struct proc_task *leader,
		       const char *name, pid_t tid)
{
	_cleanup_close_ int dir = -1;
	struct proc_task task = *leader;
	char path[64];
	int r;

	snprintf(path, sizeof(path), "task/%s", name);
	dir = sysroot_open_at(&walk->ctx->sysroot, leader->dir, path,
			      O_PATH | O_DIRECTORY);
	if (dir < 0)
		return dir;
	proc_read_comm(walk, &task); /* of the process */
	task.dir = dir;
	task.tid = tid;
	/* If the first thread has exited, only others show mappings. */
	r = walk->has_memory ? 0 : task_read_maps(walk, &task);
	if (r || !walk->sink->descriptor)
		return r;

	r = has_new_table(walk, tid);
	if (r == -ENOSYS) {
		walk->no_kcmp = true;
		return 0;
	}
	if (r <= 0)
		return r;
	return task_read_fds(walk, &task);
}

int proc_read_threads(struct proc_walk *walk, const struct proc_task *task)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const char *name;
	uint64_t tid;
	int r, more;

	if (!proc_has_threads(walk, task))
		return 0;
	r = sysroot_opendir(&walk->ctx->sysroot, task->dir, "task", &dir);
	/* Only threads with a table of their own are recorded. */
	if (r == -ENOENT)
		return 0;
	if (r)
		return proc_forgive(walk, SEES_FD, r);
	walk->tables.tasks.n = 0;
	if (vec_push(&walk->tables.tasks, &(pid_t){ task->pid }))
		return -ENOMEM;
	while ((more = proc_next_number(dir, &name, &tid)) > 0) {
		if (tid == task->pid)
			continue;
		r = proc_forgive(walk, SEES_FD,
				 read_thread(walk, task, name, tid));
		if (r)
			return r;
	}
	return proc_forgive(walk, SEES_FD, more);
}
