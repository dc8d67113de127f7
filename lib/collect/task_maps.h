/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mappings of one task, from its /proc/PID/maps. */
#ifndef COLLECT_TASK_MAPS_H
#define COLLECT_TASK_MAPS_H

#include "collect/proc_task.h"

/* Gives each mapping of a dma-buf to the sink. Return: 0 or -errno. */
int task_read_maps(struct proc_walk *walk, struct proc_task *task);

#endif
