/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptors of one task, from its /proc/PID/fd and fdinfo. */
#ifndef COLLECT_TASK_FDS_H
#define COLLECT_TASK_FDS_H

#include "collect/proc_task.h"

/* Gives each descriptor of a dma-buf to the sink. Return: 0 or -errno. */
int task_read_fds(struct proc_walk *walk, struct proc_task *task);

#endif
