// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collect/proc_files.h"
#include "collect/proc_threads.h"
#include "collect/task_fds.h"
#include "collect/task_maps.h"
#include "util/array.h"

/* Compares tables of descriptors. @ret takes -1, 0 or 1. Return: 0 or -errno.
 */
static int compare_tables(pid_t a, pid_t b, int *ret)
{
	/* The kernel orders them by address, in a way that hides it. */
	static const int orders[] = { 0, -1, 1 };
	const long r = syscall(SYS_kcmp, a, b, KCMP_FILES, 0, 0);

	if (r < 0)
		return -errno;
	if ((size_t)r >= ARRAY_SIZE(orders))
		return -ENOSYS;
	*ret = orders[r];
	return 0;
}

/* Its thread has ended, which does not tell anything about other tables. */
static void forget_table(struct proc_walk *walk, size_t place)
{
	pid_t *at = vec_at(&walk->tables, place);

	walk->tables.n--;
	memmove(at, at + 1, (walk->tables.n - place) * sizeof(*at));
}

/*
 * Finds the place of a thread's table in @walk->tables. Return: 1 if it is not
 * there yet, 0, or -errno.
 */
static int find_place(struct proc_walk *walk, pid_t tid, size_t *ret)
{
	size_t low = 0, high = walk->tables.n, middle;
	int order = 0, r;

	while (low < high) {
		middle = low + (high - low) / 2;
		r = compare_tables(*(pid_t *)vec_at(&walk->tables, middle), tid,
				   &order);
		if (r == -ESRCH && !compare_tables(tid, tid, &order)) {
			forget_table(walk, middle);
			low = 0;
			high = walk->tables.n;
			continue;
		}
		if (r || !order)
			return r;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return 1;
}

/*
 * Tests whether a thread has a table of descriptors that was not read yet, and
 * remembers it; in a recorded tree each thread has one. Return: 1, 0, or
 * -errno.
 */
static int has_new_table(struct proc_walk *walk, pid_t tid)
{
	size_t place = 0;
	pid_t *at;
	int r = walk->live ? find_place(walk, tid, &place) : 1;

	if (r <= 0)
		return r;
	if (vec_push(&walk->tables, &tid))
		return -ENOMEM;
	at = vec_at(&walk->tables, place);
	memmove(at + 1, at, (walk->tables.n - 1 - place) * sizeof(*at));
	*at = tid;
	return 1;
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
	walk->tables.n = 0;
	if (vec_push(&walk->tables, &(pid_t){ task->pid }))
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
