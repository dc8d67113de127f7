/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keeps a buffer alive, in words. */
#ifndef CLI_ROWS_VERDICT_H
#define CLI_ROWS_VERDICT_H

#include "cli/view.h"

/*
 * What is known of it, and what is not. @certain takes whether nothing is left
 * to be known. The caller frees the result. Return: NULL when out of memory.
 */
char *verdict_make(const struct view *view, const struct dmabuf_buffer *buffer,
		   bool *certain);

#endif
