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

/*
 * Walks over all processes to find references. @covers takes those of the SEES_
 * bits @types for which all processes could be searched. Return: as above.
 */
int proc_walk_refs(struct dmabuf_ctx *ctx, const struct proc_sink *sink,
		   uint32_t types, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers);

/* For sinks: adds a reference that @task has. Return: 0 or -ENOMEM. */
int proc_walk_add_ref(struct proc_walk *walk, struct dmabuf_rec_ref *ref,
		      const struct proc_task *task);

#endif
