/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writers: they see typed values and the field table, nothing of commands. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <dmabuf/dmabuf.h>

#include "cli/field.h"

/* A sum over the buffers that were asked for; in JSON under "totals". */
struct total {
	bool known;
	uint64_t number;
};

enum total_id {
	TOTAL_BUFFERS,
	TOTAL_BYTES,
	TOTAL_KERNEL_ONLY,
	TOTAL_UNEXPLAINED,
	TOTAL_USERSPACE_RSS,
	TOTAL_USERSPACE_PSS,
	TOTALS,
};

/* Their names, in JSON and for --fail-if. */
extern const char *const totals[TOTALS];

/* What could not be seen beside a snapshot. */
struct note {
	const char *what;
	struct dmabuf_error error; /* err 0: there is no such gap */
};

enum { NOTES = 2 };

/* What stands around the rows. */
struct envelope {
	const char *command;
	const char *array; /* name of the rows in JSON */
	const char *kernel;
	const char *collector; /* NULL when no buffers were read */
	const char *holders; /* the same of who holds them */
	const struct dmabuf_snapshot *snapshot; /* for its gaps, or NULL */
	struct note notes[NOTES]; /* other gaps */
	struct total totals[TOTALS]; /* none without a snapshot */
	const char *above, *below; /* lines around a table, or NULL */
	bool below_is_prose; /* to be wrapped */
	struct json_object
		*extra; /* members of JSON before the rows, or NULL */
};

/* How the user wants it. */
struct out_style {
	bool bytes; /* plain numbers for TYPE_BYTES */
	bool headings;
};

struct out;

struct out_ops {
	/* Return for all three: 0 or -errno. */
	int (*begin)(struct out *out, const struct envelope *envelope);
	int (*row)(struct out *out, const struct value *values);
	int (*end)(struct out *out, const struct envelope *envelope);
	/* Frees @data, however far the others got. */
	void (*fini)(struct out *out);
	/* Does it want TYPE_LIST as a list, or as its number? */
	bool lists;
};

struct out {
	const struct out_ops *ops;
	struct out_style style;
	const enum field_id *columns;
	size_t n;
	/* the writer's own */
	void *data;
	size_t rows;
};

extern const struct out_ops out_table;
extern const struct out_ops out_json;

/* An object with a member for each field. Takes the lists of the values. */
struct json_object *json_fields(const enum field_id *columns, size_t n,
				const struct value *values);

/* How json-c is to write. */
#define JSON_FLAGS (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

/* A value as JSON, NULL for null. Takes its list. */
struct json_object *json_value(enum field_type type, const struct value *value);

/* A string of any bytes as a JSON string, valid UTF-8; NULL gives null. */
struct json_object *json_text(const char *text);

/* Whether the envelope has no gap. */
bool out_is_whole(const struct envelope *envelope);

/* One line on stderr for each gap. */
void out_gaps(const struct envelope *envelope);

#endif
