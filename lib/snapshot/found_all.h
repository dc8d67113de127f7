/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether collectors have found all references that the kernel counts. */
#ifndef SNAPSHOT_FOUND_ALL_H
#define SNAPSHOT_FOUND_ALL_H

#include "snapshot/snapshot.h"

/*
 * Whether the references found are all references to all buffers. False if the
 * kernel's count is unknown for any buffer. Call it after
 * snapshot_join_buffers() and before snapshot_join_refs(). Return: 0 or
 * -ENOMEM.
 */
int found_all_refs(struct dmabuf_snapshot *snapshot, bool *ret);

/*
 * Appends to @left copies of the buffers with references that are not found.
 * Buffers whose count of references is unknown are not among them. Call it at
 * the same time. Return: 0 or -ENOMEM.
 */
int found_all_left(struct dmabuf_snapshot *snapshot, struct vec *left);

#endif
