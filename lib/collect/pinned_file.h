/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a pinned iterator, and checks who pinned it. */
#ifndef COLLECT_PINNED_FILE_H
#define COLLECT_PINNED_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/context.h"
#include "snapshot/snapshot.h"

/* Its path, and its name in the folder. */
struct pinned_file {
	const char *path, *name;
};

/*
 * Opens a file. @owner takes who decides what the file says: its owner or, if
 * root or the caller has only the file, the owner of the folder. In a recorded
 * tree, owners are not checked: files belong to whoever recorded or copied the
 * tree. Return: a descriptor, or -errno with the reason in @ctx->error.
 */
int pinned_open(struct dmabuf_ctx *ctx, const struct pinned_file *file,
		uid_t *owner);

/*
 * Checks the owner. A file of somebody who is neither root nor the caller is
 * -EPERM, or a gap "buffers" when @forced. Return: 0 or -errno with the
 * reason in @ctx->error.
 */
int pinned_check_owner(struct dmabuf_ctx *ctx, const struct pinned_file *file,
		       uid_t owner, bool forced,
		       struct dmabuf_snapshot *snapshot);

#endif
