/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folder of what is pinned on the running system, held open. */
#ifndef BPF_PIN_FOLDER_H
#define BPF_PIN_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/context.h"

/* Paths are below the root folder. */
#define PINNED_MOUNT	   "sys/fs/bpf"
#define PINNED_FOLDER_NAME "dmabuf"
#define PINNED_DIR	   PINNED_MOUNT "/" PINNED_FOLDER_NAME

/* What removes a folder that somebody else made, and keeps others out. */
#define PINNED_HINT_FOREIGN                                                    \
	"as root: rm -r /" PINNED_DIR "; chmod 0700 /" PINNED_MOUNT

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

/*
 * Opens a folder in it, which must be such a folder, too. Return: a descriptor,
 * or -errno with the reason in ctx->error.
 */
int pin_folder_enter(struct dmabuf_ctx *ctx, const struct pin_folder *folder,
		     const char *name);

/*
 * Pins the object of @fd in the folder of @at. Return: 0 or -errno: -EEXIST if
 * there is a file of this name.
 */
int pin_folder_add(int fd, int at, const char *name);

/* Removes the folder if it is empty. */
void pin_folder_remove(const struct pin_folder *folder);

void pin_folder_fini(struct pin_folder *folder);

#endif
