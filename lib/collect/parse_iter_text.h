/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses Android's text: inode, size, name and exporter, a line each. */
#ifndef COLLECT_PARSE_ITER_TEXT_H
#define COLLECT_PARSE_ITER_TEXT_H

#include <stdio.h>

#include "core/error.h"
#include "snapshot/snapshot.h"

/*
 * Reads buffers from @file into @snapshot, and adds a gap when a name could be
 * several buffers, or the other way. @name is the name of the file in @error,
 * @bytes takes the number of bytes read.
 *
 * Return: 0, -EBADMSG when it is another text, -ENODATA when it ends inside a
 * buffer, -ENOMEM, or the -errno of the read.
 */
int parse_text(FILE *file, const char *name, struct dmabuf_snapshot *snapshot,
	       uint64_t *bytes, struct dmabuf_error *error);

#endif
