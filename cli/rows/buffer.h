/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer as a row. */
#ifndef CLI_ROWS_BUFFER_H
#define CLI_ROWS_BUFFER_H

#include "cli/view.h"

/* A row is a struct dmabuf_buffer of a struct view. */
extern const struct column buffer_columns[];

/* The buffers of a view. */
struct rows buffer_rows(const struct view *view);

/*
 * The devices attached to a buffer, by name, with commas between them: @ret,
 * which the caller frees, is empty when there is none, and NULL when they are
 * not known. Return: 0 or -ENOMEM.
 */
int buffer_devices(const struct view *view, const struct dmabuf_buffer *buffer,
		   char **ret);

#endif
