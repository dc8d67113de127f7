/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats of events, which are written as they happen. */
#ifndef CLI_TRACE_FORMAT_H
#define CLI_TRACE_FORMAT_H

#include <dmabuf/trace.h>
#include <stdbool.h>
#include <stdio.h>

#include "ui/rows.h"

/* What a writer has to know. */
struct trace_setup {
	const struct rows_view *view;
	/* Why the bytes of all buffers cannot be counted; NULL: they can. */
	const char *lacks_bytes;
};

struct trace_format {
	const char *name; /* as --format has it */
	/* Shown by default: COLUMN_TABLE or COLUMN_JSON; 0: no columns. */
	unsigned int columns;
	bool counts_bytes;
	/* Return: the state of a writer, or NULL without memory. */
	void *(*begin)(FILE *file, const struct trace_setup *setup);
	/* These return 0 or -errno. */
	int (*put)(void *writer, const struct dmabuf_event *event);
	/* Writes what was put, for now. */
	int (*flush)(void *writer);
	/* The last that is written. @time_ns: when the trace ended */
	int (*end)(void *writer, uint64_t time_ns);
	void (*free)(void *writer);
};

/* "12 events are lost" */
#define TRACE_LOST	 "%" PRIu64 " event%s lost"
#define TRACE_LOST_OF(n) (n), (n) == 1 ? " is" : "s are"

/* All formats. A format is a file, and a line here. */
#define TRACE_FORMATS(X)                                                       \
	X(table)                                                               \
	X(json)                                                                \
	X(chrome)

#define DECLARE_TRACE_FORMAT(name)                                             \
	extern const struct trace_format trace_format_##name;
TRACE_FORMATS(DECLARE_TRACE_FORMAT)

#endif
