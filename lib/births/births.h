/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BIRTHS_BIRTHS_H
#define BIRTHS_BIRTHS_H

#include <stdbool.h>

#include "core/context.h"
#include "snapshot/snapshot.h"

/*
 * Adds the births of a snapshot's buffers, which are joined, and the cgroups
 * of these. When nothing notes births, or this reader may not read them, it
 * adds nothing. What could not be read is a gap "births". @shows_ids: whether
 * the reader is in the first PID namespace, so that the kernel's numbers are
 * its own. Return: 0, or -ENOMEM with the reason in ctx->error.
 */
int births_read(struct dmabuf_ctx *ctx, bool shows_ids,
		struct dmabuf_snapshot *snapshot);

#endif
