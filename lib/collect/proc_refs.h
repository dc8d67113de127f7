/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* References by descriptors and mappings, from /proc. */
#ifndef COLLECT_PROC_REFS_H
#define COLLECT_PROC_REFS_H

#include "collect/proc_task.h"

/*
 * Adds a reference for each mapping of a dma-buf in each process, and for each
 * descriptor if @types, SEES_ bits, have SEES_FD. @covers takes those of @types
 * for which all processes could be searched; of what is missing, @snapshot
 * takes a gap "holders". Return: 0 or -errno with the reason in ctx->error.
 */
int proc_read_refs(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t types, uint32_t *covers);

/* Adds a reference that @task has. Return: 0 or -ENOMEM. */
int proc_add_ref(struct proc_walk *walk, struct dmabuf_rec_ref *ref,
		 const struct proc_task *task);

#endif
