/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Released buffers in words: how much memory they keep, and who keeps them. */
#ifndef CLI_ROWS_RELEASED_H
#define CLI_ROWS_RELEASED_H

#include "cli/view.h"

struct strbuf;

/*
 * One line for all released buffers of a view: @ret, which the caller frees, is
 * NULL when there are none. @bytes: as in view_size_text(). Return: 0 or
 * -ENOMEM.
 */
int released_line(const struct view *view, const struct envelope *envelope,
		  bool bytes, char **ret);

/* Says what keeps the memory of one released buffer. */
void released_say(struct strbuf *buf, const struct view *view,
		  const struct dmabuf_buffer *buffer);

#endif
