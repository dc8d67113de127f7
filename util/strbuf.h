/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A string that grows. When memory ends, the string fails as a whole: later
 * text is dropped and strbuf_take() gives nothing. A stream of open_memstream()
 * does not tell: its ferror() stays 0 and fclose() gives a string with holes.
 */
#ifndef UTIL_STRBUF_H
#define UTIL_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/* Begins as {}. */
struct strbuf {
	char *text;
	size_t n, room; /* bytes */
	bool failed;
};

/* As an owner: _cleanup_(strbuf_fini) struct strbuf buf = {}; */
void strbuf_fini(struct strbuf *buf);

void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Ends a string, which the caller frees. Return: it, or NULL if there was no
 * memory for all of it.
 */
char *strbuf_take(struct strbuf *buf);

#endif
