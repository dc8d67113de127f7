// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/json.h"
#include "ui/table.h"
#include "ui/value.h"
#include "util/array.h"
#include "util/u64.h"

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
	case VALUE_DURATION:
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

/* Makes a cell of what was written at table_room(), up to @end. */
static void add(struct table *table, const char *start, const char *end)
{
	table_add(table, end - start);
}

static void put_number(uint64_t number, struct table *table)
{
	char *to = table_room(table, NUMBER_TEXT);

	if (to)
		add(table, to, number_put(to, number));
}

static void put_signed(int64_t number, struct table *table)
{
	char *to = table_room(table, 1 + NUMBER_TEXT), *end = to;

	if (!to)
		return;
	if (number < 0)
		*end++ = '-';
	add(table, to,
	    number_put(end, number < 0 ? -(uint64_t)number : (uint64_t)number));
}

static void put_address(uint64_t address, struct table *table)
{
	char *to = table_room(table, ADDRESS_TEXT);

	if (to)
		add(table, to, address_put(to, address));
}

static void put_bytes(uint64_t bytes, struct table *table)
{
	char *to = table_room(table, HUMAN_TEXT);

	if (to)
		table_add(table, human_bytes(bytes, to));
}

static void put_duration(uint64_t ns, struct table *table)
{
	char *to = table_room(table, DURATION_TEXT);

	if (to)
		table_add(table, human_duration(ns, to));
}

static void put_word(const char *word, struct table *table)
{
	const size_t n = strlen(word);
	char *to = table_room(table, n);

	if (to)
		add(table, to, mempcpy(to, word, n));
}

static void put_known(const struct value *value, bool bytes,
		      struct table *table)
{
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
		put_signed(value->number, table);
		return;
	case VALUE_DURATION:
		put_duration(value->number, table);
		return;
	case VALUE_BYTES:
		if (!bytes) {
			put_bytes(value->number, table);
			return;
		}
		break;
	case VALUE_NUMBER:
	case VALUE_ID:
	case VALUE_LIST:
		break;
	}
	put_number(value->number, table);
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
	case VALUE_DURATION:
	case VALUE_NUMBER:
	case VALUE_ID:
	case VALUE_LIST:
		json_u64(json, value->number);
		break;
	}
}

/* @number / 2^@shift, to the nearest, a half up. */
static uint64_t divide(uint64_t number, int shift)
{
	return (number >> shift) + (shift ? number >> (shift - 1) & 1 : 0);
}

/* The same in tenths: ten times @number could overflow. */
static uint64_t divide_tenths(uint64_t number, int shift)
{
	const uint64_t whole = number >> shift;

	return whole * 10 + divide((number - (whole << shift)) * 10, shift);
}

size_t human_bytes(uint64_t bytes, char buf[HUMAN_TEXT])
{
	static const char units[] = "BKMGTPE";
	unsigned int tenths;
	char *to = buf;
	int unit;

	unit = (63 - __builtin_clzll(bytes | 1)) / 10;
	/* 1023.5 of a unit would be shown as 1024 of it: take the next one. */
	if (units[unit + 1] && divide(bytes, 10 * unit) >= 1024)
		unit++;
	tenths = divide_tenths(bytes, 10 * unit);
	if (unit && tenths < 100) {
		*to++ = '0' + tenths / 10;
		*to++ = '.';
		*to++ = '0' + tenths % 10;
	} else {
		to = number_put(to, divide(bytes, 10 * unit));
	}
	*to++ = units[unit];
	*to = 0;
	return to - buf;
}

size_t human_duration(uint64_t ns, char buf[DURATION_TEXT])
{
	static const struct {
		uint64_t seconds;
		char unit, smaller;
		unsigned int part;
	} units[] = {
		{ 86400, 'd', 'h', 3600 },
		{ 3600, 'h', 'm', 60 },
		{ 60, 'm', 's', 1 },
	};
	const uint64_t seconds = ns / 1000000000;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (seconds >= units[i].seconds)
			return snprintf(
				buf, DURATION_TEXT,
				"%" PRIu64 "%c%02" PRIu64 "%c",
				seconds / units[i].seconds, units[i].unit,
				seconds % units[i].seconds / units[i].part,
				units[i].smaller);
	if (seconds >= 10)
		return snprintf(buf, DURATION_TEXT, "%" PRIu64 "s", seconds);
	return snprintf(buf, DURATION_TEXT, "%" PRIu64 ".%" PRIu64 "s", seconds,
			ns / 100000000 % 10);
}
