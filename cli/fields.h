/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every field of every command, described once. Columns, JSON, --help, the
 * check of the man page and sorting come from this table. The rows that have a
 * field give its value: see rows/.
 */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "ui/column.h"

enum field_id {
	FIELD_INO,
	FIELD_SIZE,
	FIELD_EXPORTER,
	FIELD_NAME,
	FIELD_REFS,
	FIELD_ATTACHMENTS,
	FIELD_ADDRESS,
	FIELD_PROCESSES,
	FIELD_KERNEL_ONLY,
	FIELD_EXPLAINED,
	FIELD_UNEXPLAINED,
	FIELD_HOLDERS,
	FIELD_BUFFERS,
	FIELD_LARGEST,
	FIELD_ATTACHED,
	FIELD_KERNEL_ONLY_BYTES,
	FIELD_PID,
	FIELD_TID,
	FIELD_COMM,
	FIELD_FDS,
	FIELD_MAPS,
	FIELD_HANDLES,
	FIELD_RSS,
	FIELD_PSS,
	FIELD_CGROUP,
	FIELD_UNIT,
	FIELD_CONTAINER,
	FIELD_TYPE,
	FIELD_PLACE,
	FIELD_START,
	FIELD_LENGTH,
	FIELD_OFFSET,
	FIELD_BYTES,
	FIELD_INOS,
	FIELD_DEVICES,
	FIELD_CERTAIN,
	FIELD_VERDICT,
	FIELD_COLLECTOR,
	FIELD_STATE,
	FIELD_USED,
	FIELD_NOTE,
	FIELD_WHY,
	FIELD_HINT,
	FIELD_GIVES,
	FIELD_MISSES,
	FIELD_HEAP,
	FIELD_NODE,
	FIELD_ALIASES,
	FIELD_DEVICE,
	FIELD_ACCESS,
	FIELD_REGION,
	FIELD_USED_BYTES,
	FIELD_FREE_BYTES,
	FIELD_LARGEST_RUN,
	FIELD_TOP_HOLDERS,
	FIELD_FD,
	FIELDS,
};

extern const struct field fields[FIELDS];

/* What the program must look for before a column is known. */
enum column_needs {
	NEEDS_HOLDERS = COLUMN_USER, /* who holds each buffer */
	NEEDS_BUFFERS = COLUMN_USER << 1, /* for commands of something else */
	NEEDS_REGIONS = COLUMN_USER << 2, /* how full CMA regions are */
};

/* A column of rows: its field, enum column_flags, the function that gets it. */
#define COLUMN(id, flags, get)                                                 \
	{                                                                      \
		&fields[FIELD_##id], flags, get, NULL, NULL                    \
	}

/* The same of a list; @put writes it as JSON. */
#define LIST_COLUMN(id, flags, get, put)                                       \
	{                                                                      \
		&fields[FIELD_##id], flags, get, put, NULL                     \
	}

#endif
