/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folder of pinned iterators on the running system, held open. */
#ifndef COLLECT_PIN_FOLDER_H
#define COLLECT_PIN_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/context.h"

struct pin_folder {
	int mount, fd;
	bool made; /* by pin_folder_make() */
};

#define PIN_FOLDER_INIT                                                        \
	{                                                                      \
		.mount = -1, .fd = -1                                          \
	}

/* Whether what this user owns is what root or the caller made. */
bool pin_is_trusted(uid_t owner);

/*
 * Opens the folder. It must be of root or the caller, and others must not be
 * able to write to it, or to replace it by another one. Return: 0, or -errno
 * with the reason in ctx->error: -ENOENT if there is no folder, -EPERM if it is
 * not such a folder.
 */
int pin_folder_open(struct dmabuf_ctx *ctx, struct pin_folder *folder);

/* The same. Makes the folder if there is none. */
int pin_folder_make(struct dmabuf_ctx *ctx, struct pin_folder *folder);

/* Removes the folder if it is empty. */
void pin_folder_remove(const struct pin_folder *folder);

void pin_folder_fini(struct pin_folder *folder);

#endif
