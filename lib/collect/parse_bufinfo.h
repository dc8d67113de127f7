/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses dma_buf/bufinfo, the list of all buffers in debugfs. */
#ifndef COLLECT_PARSE_BUFINFO_H
#define COLLECT_PARSE_BUFINFO_H

#include <stdio.h>

#include "core/error.h"
#include "snapshot/snapshot.h"

/*
 * Reads buffers and their attachments from @file into @snapshot. Their keys are
 * their positions in the text. @name is the name of the file in @error.
 *
 * Return: 0, -EBADMSG when the text is not the kernel's, -ENODATA when the
 * totals at its end are missing or wrong, -ENOMEM, or the -errno of reading.
 */
int parse_bufinfo(FILE *file, const char *name,
		  struct dmabuf_snapshot *snapshot, struct dmabuf_error *error);

#endif
