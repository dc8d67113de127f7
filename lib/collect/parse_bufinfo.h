/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of all buffers that debugfs has, in dma_buf/bufinfo. */
#ifndef COLLECT_PARSE_BUFINFO_H
#define COLLECT_PARSE_BUFINFO_H

#include <stdio.h>

#include "core/error.h"
#include "snapshot/snapshot.h"

/*
 * Reads buffers and their attachments from the text of @file, to its end, into
 * @snapshot. Their keys are their places in the text. @name is what the file is
 * called in @error.
 *
 * Return: 0, -EBADMSG when no kernel prints this, -ENODATA when the sums at its
 * end are not there or are not those of what came before, -ENOMEM, or the
 * -errno of reading.
 */
int parse_bufinfo(FILE *file, const char *name,
		  struct dmabuf_snapshot *snapshot, struct dmabuf_error *error);

#endif
