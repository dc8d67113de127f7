// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/json.h"
#include "ui/table.h"
#include "ui/value.h"
#include "util/u64.h"

void value_set_number(struct value *value, uint64_t number)
{
	value->known = true;
	value->number = number;
}

void value_set_text(struct value *value, const char *text)
{
	value->known = text;
	value->text = text;
}

void value_take_text(struct value *value, char *text)
{
	value_set_text(value, text);
	value->made = text;
	value->failed = !text;
}

void value_printf(struct value *value, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	value_take_text(value, text);
}

void value_fini(struct value *value)
{
	free(value->made);
	value->made = NULL;
}

int value_compare(enum value_type type, const struct value *a,
		  const struct value *b)
{
	if (a->known != b->known)
		return b->known - a->known;
	if (!a->known)
		return 0;
	switch (type) {
	case VALUE_WORD:
	case VALUE_TEXT:
	case VALUE_PROSE:
		return strcmp(a->text, b->text);
	case VALUE_SIGNED:
		return ((int64_t)a->number > (int64_t)b->number) -
		       ((int64_t)a->number < (int64_t)b->number);
	default:
		return u64_compare(a->number, b->number);
	}
}

unsigned int value_table_flags(enum value_type type)
{
	switch (type) {
	case VALUE_NUMBER:
	case VALUE_ID:
	case VALUE_SIGNED:
	case VALUE_BYTES:
	case VALUE_ADDRESS:
	case VALUE_LIST:
		return TABLE_RIGHT;
	case VALUE_TEXT:
		return TABLE_SHORTEN;
	case VALUE_PROSE:
		return TABLE_WRAP;
	case VALUE_NAMES:
		return TABLE_WRAP_LIST;
	case VALUE_WORD:
	case VALUE_FLAG:
	case VALUE_BOOL:
		break;
	}
	return 0;
}

static void put_number(uint64_t number, bool minus, struct table *table)
{
	char text[1 + NUMBER_TEXT];
	char *start = number_text(number, text + 1);

	if (minus)
		*--start = '-';
	table_ascii(table, start, text + sizeof(text) - 1 - start);
}

static void put_address(uint64_t address, struct table *table)
{
	char text[2 + 16], *at = text + sizeof(text);

	do {
		*--at = "0123456789abcdef"[address & 15];
		address >>= 4;
	} while (address);
	*--at = 'x';
	*--at = '0';
	table_ascii(table, at, text + sizeof(text) - at);
}

static void put_word(const char *word, struct table *table)
{
	table_ascii(table, word, strlen(word));
}

static void put_known(const struct value *value, bool bytes,
		      struct table *table)
{
	char text[8];

	switch (value->type) {
	case VALUE_WORD:
	case VALUE_TEXT:
	case VALUE_PROSE:
	case VALUE_NAMES:
		table_text(table, value->text);
		return;
	case VALUE_FLAG:
		put_word(value->number ? "yes" : "no", table);
		return;
	case VALUE_BOOL:
		put_word(value->number ? "true" : "false", table);
		return;
	case VALUE_ADDRESS:
		put_address(value->number, table);
		return;
	case VALUE_SIGNED:
		if ((int64_t)value->number < 0)
			put_number(-value->number, true, table);
		else
			put_number(value->number, false, table);
		return;
	case VALUE_BYTES:
		if (!bytes) {
			table_ascii(table, text,
				    human_bytes(value->number, text));
			return;
		}
		break;
	case VALUE_NUMBER:
	case VALUE_ID:
	case VALUE_LIST:
		break;
	}
	put_number(value->number, false, table);
}

void value_put_cell(const struct value *value, bool bytes, struct table *table)
{
	if (value->known)
		put_known(value, bytes, table);
	else
		put_word(value->unreadable ? "?" : "-", table);
	if (value->failed)
		table_fail(table, -ENOMEM);
}

void value_put_json(const struct value *value, struct json *json)
{
	if (value->failed)
		json_fail(json, -ENOMEM);
	if (!value->known) {
		json_null(json);
		return;
	}
	switch (value->type) {
	case VALUE_WORD:
	case VALUE_TEXT:
	case VALUE_PROSE:
	case VALUE_NAMES:
		json_text(json, value->text);
		break;
	case VALUE_FLAG:
	case VALUE_BOOL:
		json_bool(json, value->number);
		break;
	case VALUE_ADDRESS:
		json_address(json, value->number);
		break;
	case VALUE_SIGNED:
		json_i64(json, value->number);
		break;
	case VALUE_BYTES:
	case VALUE_NUMBER:
	case VALUE_ID:
	case VALUE_LIST:
		json_u64(json, value->number);
		break;
	}
}

/* @number / 2^@shift, to the nearest, a half up. */
static uint64_t divide(unsigned __int128 number, int shift)
{
	return (number + ((unsigned __int128)1 << shift >> 1)) >> shift;
}

size_t human_bytes(uint64_t bytes, char *buf)
{
	static const char units[] = "BKMGTPE";
	char number[NUMBER_TEXT], *to = buf;
	unsigned int tenths;
	int unit = 0;

	/* 1023.5 of a unit would be shown as 1024 of it: take the next one. */
	while (units[unit + 1] && divide(bytes, 10 * unit) >= 1024)
		unit++;
	tenths = divide((unsigned __int128)bytes * 10, 10 * unit);
	if (unit && tenths < 100) {
		*to++ = '0' + tenths / 10;
		*to++ = '.';
		*to++ = '0' + tenths % 10;
	} else {
		to = stpcpy(to, number_text(divide(bytes, 10 * unit), number));
	}
	*to++ = units[unit];
	*to = 0;
	return to - buf;
}
