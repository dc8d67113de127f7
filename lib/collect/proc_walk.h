/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks over all processes in /proc and their threads. */
#ifndef COLLECT_PROC_WALK_H
#define COLLECT_PROC_WALK_H

#include "collect/proc_task.h"

/* @sink, @ctx and @snapshot must outlive @walk. */
void proc_walk_init(struct proc_walk *walk, struct dmabuf_ctx *ctx,
		    struct dmabuf_snapshot *snapshot,
		    const struct proc_sink *sink);
void proc_walk_fini(struct proc_walk *walk);

/*
 * Walks over all processes. What could not be seen becomes a gap called @what.
 * Return: 0 or -errno with the reason in the context's error.
 */
int proc_walk_all(struct proc_walk *walk, const char *what);

#endif
