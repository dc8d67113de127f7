/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON, written value by value to a stream. The writer knows where commas go;
 * the caller must end what it begins. Nothing is allocated. The first error is
 * kept, later values are dropped, and json_finish() returns it.
 */
#ifndef UI_JSON_H
#define UI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *file;
	int err; /* -errno of what failed first */
	bool comma; /* before the next value or key */
	unsigned int depth; /* of objects and arrays that are open */
	unsigned int lines; /* depth of the array with a line for each member */
	size_t n; /* bytes in @buf */
	char buf[16 << 10];
};

/*
 * A key as JSON has it, made once for many rows: the comma after another
 * member, "name": and COPY_SLACK bytes more.
 */
struct json_key {
	const char *text;
	size_t n; /* without these bytes */
};

/* The key of a literal name that needs no escapes. */
#define JSON_KEY(name)                                                         \
	{                                                                      \
		",\"" name "\":               ", sizeof(",\"" name "\":") - 1  \
	}

void json_init(struct json *json, FILE *file);

/* Writes what is left. Return: 0 or -errno; see struct json. */
int json_finish(struct json *json);

/* Makes json_finish() fail. */
void json_fail(struct json *json, int err);

void json_begin_object(struct json *json);
void json_end_object(struct json *json);
void json_begin_array(struct json *json);
void json_end_array(struct json *json);

/* An array each member of which begins on a new line; one at a time. */
void json_begin_lines(struct json *json);

/* Begins a member of an object: its value comes next. */
void json_key(struct json *json, const char *name);

/*
 * Makes the key of any name. Return: the key, without a text when there is no
 * memory; json_key_fini() frees it.
 */
struct json_key json_key_new(const char *name);
void json_key_fini(struct json_key *key);

/* The same as json_key(), faster. */
void json_put_key(struct json *json, const struct json_key *key);

/* The same with the value, which is a number or a text in most members. */
void json_put_u64(struct json *json, const struct json_key *key,
		  uint64_t number);
void json_put_text(struct json *json, const struct json_key *key,
		   const char *text);

/*
 * A string of any bytes; what is not UTF-8 becomes U+FFFD, and what a terminal
 * acts on an escape such as \u009b. NULL is null.
 */
void json_text(struct json *json, const char *text);
void json_u64(struct json *json, uint64_t number);
void json_i64(struct json *json, int64_t number);

/* A number that is given in thousandths. */
void json_thousandths(struct json *json, uint64_t number);
void json_bool(struct json *json, bool flag);
void json_null(struct json *json);

/* A string such as "0xffff8880"; JSON numbers lose bits in some readers. */
void json_address(struct json *json, uint64_t address);

/* Members of an object. */
void json_member_text(struct json *json, const char *name, const char *text);
void json_member_u64(struct json *json, const char *name, uint64_t number);
void json_member_bool(struct json *json, const char *name, bool flag);

#endif
