// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <stdio.h>

#include "collect/proc_task.h"
#include "util/io.h"

int proc_forgive(struct proc_walk *walk, uint32_t what, int r)
{
	switch (sysroot_absence(&walk->ctx->sysroot, r)) {
	case ABSENCE_GONE:
		return 0;
	case ABSENCE_DENIED:
		walk->denied |= what;
		return 0;
	case ABSENCE_UNRECORDED:
		walk->unrecorded |= what;
		return 0;
	default:
		return r;
	}
}

void proc_note_odd(struct proc_walk *walk, uint32_t what,
		   const struct proc_task *task, const char *file)
{
	walk->odd |= what;
	if (!walk->first_odd[0])
		snprintf(walk->first_odd, sizeof(walk->first_odd),
			 "/proc/%u/task/%u/%s", task->pid, task->tid, file);
}

void proc_read_comm(const struct proc_walk *walk, struct proc_task *task)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	if (task->comm[0])
		return;
	fd = sysroot_open_at(&walk->ctx->sysroot, task->dir, "comm", O_RDONLY);
	n = fd < 0 ? 0 : read_retry(fd, task->comm, sizeof(task->comm));
	/* A name may contain newlines. The last one is the kernel's. */
	n -= n > 0 &&
	     (task->comm[n - 1] == '\n' || n == (ssize_t)sizeof(task->comm));
	task->comm[n > 0 ? n : 0] = 0;
}
