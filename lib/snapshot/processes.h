/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of a snapshot, sorted by ID. */
#ifndef SNAPSHOT_PROCESSES_H
#define SNAPSHOT_PROCESSES_H

#include "snapshot/snapshot.h"

/* Lists each process that has a reference. Return: 0 or -ENOMEM. */
int snapshot_list_processes(struct dmabuf_snapshot *snapshot);

/* Return: the process with this ID, or NULL. */
struct process *process_find(const struct vec *processes, uint32_t pid);

#endif
