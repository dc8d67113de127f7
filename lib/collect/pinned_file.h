/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pinned iterators: their paths, how to open one, and who pinned it. */
#ifndef COLLECT_PINNED_FILE_H
#define COLLECT_PINNED_FILE_H

#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "bpf/pin_folder.h"
#include "core/context.h"
#include "snapshot/snapshot.h"

/* Our iterator of records. Paths are below the root folder. */
#define PINNED_RECORDS PINNED_DIR "/records"
/* Android's iterator: four lines of text for each buffer. */
#define PINNED_TEXT PINNED_DIR "/prog_dmabufIter_iter_dmabuf"
/* Who holds them: references as records. */
#define PINNED_FDS  PINNED_DIR "/descriptors"
#define PINNED_MAPS PINNED_DIR "/mappings"

/* Return: the name of one of these files in its folder. */
static inline const char *pinned_name(const char *path)
{
	return path + strlen(PINNED_DIR "/");
}

/*
 * Opens the file at one of these paths. @owner takes who decides what the file
 * says: its owner or, if root or the caller has only the file, the owner of the
 * folder. In a recorded tree, owners are not checked: files belong to whoever
 * recorded or copied the tree. Return: a descriptor, or -errno with the reason
 * in @ctx->error.
 */
int pinned_open(struct dmabuf_ctx *ctx, const char *path, uid_t *owner);

/*
 * Checks the owner. A file of somebody who is neither root nor the caller is
 * -EPERM, or a gap "buffers" when @forced. Return: 0 or -errno with the
 * reason in @ctx->error.
 */
int pinned_check_owner(struct dmabuf_ctx *ctx, const char *path, uid_t owner,
		       bool forced, struct dmabuf_snapshot *snapshot);

#endif
