/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every field of every command, described once. Columns, JSON, --help, the
 * check of the man page and sorting all come from this table.
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

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
	FIELD_END = FIELDS,
};

enum field_type {
	TYPE_NUMBER, /* right-aligned; a JSON number */
	TYPE_BYTES, /* the same, shown for humans unless --bytes */
	TYPE_ADDRESS, /* hexadecimal; a JSON string, numbers lose bits there */
	TYPE_TEXT, /* any bytes */
	TYPE_PROSE, /* text that may be wrapped */
	TYPE_FLAG, /* yes or no */
	TYPE_LIST, /* a number in tables, an array in JSON */
	TYPE_NAMES, /* text in tables, an array in JSON */
};

struct field {
	const char *name;
	enum field_type type;
	const char *help;
	bool of_holders; /* known only when these were looked for */
};

extern const struct field fields[FIELDS];

/* What a field holds in a row. Not known: "-" in tables, null in JSON. */
struct value {
	bool known;
	uint64_t number;
	const char *text;
	char *made; /* what @text points to, when that was made for it */
	/* TYPE_LIST or _NAMES, when JSON is made; belongs to whoever takes the
	 * value */
	struct json_object *list;
	const char *json; /* the same as text, which is @made; NULL without */
};

/* Sets a text that stays where it is; NULL is one that is not known. */
void value_set_text(struct value *value, const char *text);

/* The same with one that the value then owns. */
void value_take_text(struct value *value, char *text);

/* Frees what the value owns, but for a list. */
void value_fini(struct value *value);

/* Finds a field by name among @set, which ends with FIELD_END. */
bool field_find(const enum field_id *set, const char *name, size_t length,
		enum field_id *ret);

/* Orders two values of a type; what is not known comes last. */
int field_compare(enum field_type type, const struct value *a,
		  const struct value *b);

/* Bytes as a human reads them, such as 4.0K or 12M; @buf has 8 bytes or more.
 */
void field_human_bytes(uint64_t bytes, char *buf, size_t size);

#endif
