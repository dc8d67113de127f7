// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/strbuf.h"

void strbuf_fini(struct strbuf *buf)
{
	free(buf->text);
	*buf = (struct strbuf){};
}

/* Makes room for @n bytes and a NUL. Return: whether there is. */
static bool make_room(struct strbuf *buf, size_t n)
{
	size_t room = buf->n + n + 1;
	char *text;

	if (room <= buf->room)
		return !buf->failed;
	if (room < 2 * buf->room)
		room = 2 * buf->room;
	text = buf->failed ? NULL : realloc(buf->text, room);
	if (!text) {
		buf->failed = true;
		return false;
	}
	buf->text = text;
	buf->room = room;
	return true;
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
	size_t n = strlen(text);

	if (!make_room(buf, n))
		return;
	memcpy(buf->text + buf->n, text, n + 1);
	buf->n += n;
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
	enum { FIRST = 127 };
	va_list args, again;
	int n;

	if (!make_room(buf, FIRST))
		return;
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(buf->text + buf->n, buf->room - buf->n, format, args);
	va_end(args);
	if (n < 0)
		buf->failed = true;
	else if ((size_t)n >= buf->room - buf->n && make_room(buf, n))
		n = vsnprintf(buf->text + buf->n, n + 1, format, again);
	va_end(again);
	if (!buf->failed)
		buf->n += n;
}

char *strbuf_take(struct strbuf *buf)
{
	char *text = NULL;

	if (make_room(buf, 0)) {
		text = take_ptr(buf->text);
		text[buf->n] = 0;
	}
	strbuf_fini(buf);
	return text;
}
