/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the buffer of a reference. */
#ifndef SNAPSHOT_MATCH_H
#define SNAPSHOT_MATCH_H

#include "snapshot/key_map.h"

/*
 * Return: the buffer of a reference, or NULL. @again: other buffers have the
 * same inode number, and the reference may be to one of them.
 */
const struct dmabuf_rec_buffer *match_buffer(const struct key_map *index,
					     const struct dmabuf_rec_ref *ref,
					     bool *again);

#endif
