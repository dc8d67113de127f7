/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in a column of a row, and how it is shown. */
#ifndef UI_VALUE_H
#define UI_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct json;
struct table;

enum value_type {
	VALUE_NUMBER, /* right-aligned; a JSON number */
	VALUE_ID, /* the same of a number that is a name, not an amount */
	VALUE_SIGNED, /* the same of an int64_t */
	VALUE_BYTES, /* a number, shown as 4.0K unless bytes are wanted */
	VALUE_DURATION, /* nanoseconds, shown as 3h12m in tables */
	VALUE_ADDRESS, /* hexadecimal, a JSON string */
	VALUE_WORD, /* text that is never cut */
	VALUE_TEXT, /* text that may be cut at its end */
	VALUE_PROSE, /* text that may be wrapped between words */
	VALUE_FLAG, /* yes or no */
	VALUE_BOOL, /* true or false */
	VALUE_LIST, /* a number in tables, an array in JSON */
	VALUE_NAMES, /* text in tables, an array in JSON */
};

/* All texts may have any bytes. */
struct value {
	enum value_type type; /* of the column; a getter may change it */
	bool known; /* if not: "-" in tables, null in JSON */
	bool unreadable; /* if not known: "?" in tables */
	bool failed; /* there was no memory for the text */
	uint64_t number;
	const char *text;
	char *made; /* what @text points to, when that was made for it */
};

static inline void value_set_number(struct value *value, uint64_t number)
{
	value->known = true;
	value->number = number;
}

/* Sets a text that stays where it is; NULL is one that is not known. */
static inline void value_set_text(struct value *value, const char *text)
{
	value->known = text;
	value->text = text;
}

/* The same with one that the value then owns; NULL: there was no memory. */
void value_take_text(struct value *value, char *text);

/* Makes a text. */
void value_printf(struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Frees what the value owns, which is seldom anything. */
static inline void value_fini(struct value *value)
{
	if (value->made)
		free(value->made);
	value->made = NULL;
}

/* Orders two values of a type; one that is not known comes last. */
int value_compare(enum value_type type, const struct value *a,
		  const struct value *b);

/* Adds a value to a table as its next cell. @bytes: 4096 instead of 4.0K. */
void value_put_cell(const struct value *value, bool bytes, struct table *table);

/* Whether a value is known, and JSON has its number as it is. */
static inline bool value_is_number(const struct value *value)
{
	const unsigned int numbers = 1U << VALUE_NUMBER | 1U << VALUE_ID |
				     1U << VALUE_BYTES | 1U << VALUE_LIST;

	return value->known && numbers >> value->type & 1;
}

/* Whether a value is known, and a text. */
static inline bool value_is_text(const struct value *value)
{
	const unsigned int texts = 1U << VALUE_WORD | 1U << VALUE_TEXT |
				   1U << VALUE_PROSE | 1U << VALUE_NAMES;

	return value->known && texts >> value->type & 1;
}

/* Writes a value as JSON. Lists are up to their column; see struct column. */
void value_put_json(const struct value *value, struct json *json);

/* Return: enum table_flags of a column with values of a type. */
unsigned int value_table_flags(enum value_type type);

/* Bytes of the longest text of human_bytes(), with its NUL. */
#define HUMAN_TEXT 8

/*
 * Writes bytes as a human reads them, such as 4.0K or 12M. Return: how many
 * characters.
 */
size_t human_bytes(uint64_t bytes, char buf[HUMAN_TEXT]);

/* Bytes of the longest text of human_duration(), with its NUL. */
#define DURATION_TEXT 24

/*
 * Writes nanoseconds as a human reads them: 2.5s, 45s, 12m05s, 3h12m or 4d07h.
 * What is less than the last digit is cut off. Return: how many characters.
 */
size_t human_duration(uint64_t ns, char buf[DURATION_TEXT]);

#endif
