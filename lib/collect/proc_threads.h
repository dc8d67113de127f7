/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads of a process, which may have descriptor tables of their own. */
#ifndef COLLECT_PROC_THREADS_H
#define COLLECT_PROC_THREADS_H

#include "collect/proc_task.h"

/* Whether a process has more than one thread. */
bool proc_has_threads(const struct proc_walk *walk,
		      const struct proc_task *task);

/* Reads what the other threads of @task have. Return: 0 or -errno. */
int proc_read_threads(struct proc_walk *walk, const struct proc_task *task);

#endif
