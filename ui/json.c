// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "ui/json.h"
#include "ui/utf8.h"
#include "util/u64.h"

static const char hex_digits[] = "0123456789abcdef";

void json_init(struct json *json, FILE *file)
{
	/* Not @buf, which is large. */
	json->file = file;
	json->err = 0;
	json->comma = false;
	json->depth = 0;
	json->lines = 0;
	json->n = 0;
}

void json_fail(struct json *json, int err)
{
	if (!json->err)
		json->err = err;
}

static void write_out(struct json *json, const char *text, size_t n)
{
	errno = 0;
	if (!json->err && fwrite_unlocked(text, 1, n, json->file) != n)
		json_fail(json, errno ? -errno : -EIO);
}

int json_finish(struct json *json)
{
	write_out(json, json->buf, json->n);
	json->n = 0;
	if (!json->err && ferror_unlocked(json->file))
		json_fail(json, -EIO);
	return json->err;
}

/* Writes the buffer, and then what does not fit into it. */
static void put_large(struct json *json, const char *text, size_t n)
{
	write_out(json, json->buf, json->n);
	json->n = 0;
	if (n > sizeof(json->buf)) {
		write_out(json, text, n);
		return;
	}
	memcpy(json->buf, text, n);
	json->n = n;
}

static inline void put(struct json *json, const char *text, size_t n)
{
	if (n > sizeof(json->buf) - json->n) {
		put_large(json, text, n);
		return;
	}
	memcpy(json->buf + json->n, text, n);
	json->n += n;
}

#define PUT(json, literal) put(json, literal, sizeof(literal) - 1)

/* What stands between a value and the one before it. */
static inline void separate(struct json *json)
{
	if (json->comma)
		PUT(json, ",");
	if (json->lines && json->depth == json->lines)
		PUT(json, "\n");
	json->comma = true;
}

static void begin(struct json *json, const char *bracket)
{
	separate(json);
	put(json, bracket, 1);
	json->comma = false;
	json->depth++;
}

static void end(struct json *json, const char *bracket)
{
	if (json->lines && json->depth == json->lines) {
		if (json->comma)
			PUT(json, "\n");
		json->lines = 0;
	}
	json->depth--;
	put(json, bracket, 1);
	json->comma = true;
	if (!json->depth) {
		PUT(json, "\n");
		json->comma = false;
	}
}

void json_begin_object(struct json *json)
{
	begin(json, "{");
}

void json_end_object(struct json *json)
{
	end(json, "}");
}

void json_begin_array(struct json *json)
{
	begin(json, "[");
}

void json_end_array(struct json *json)
{
	end(json, "]");
}

void json_begin_lines(struct json *json)
{
	begin(json, "[");
	json->lines = json->depth;
}

/* Whether a byte of a string stands for itself. */
static inline bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Bytes of a character in a string, escaped. */
enum { ESCAPED = sizeof("\\u0000") - 1 };

/* Writes \uNNNN. Return: the bytes. */
static size_t escape(unsigned int code, char *to)
{
	size_t i;

	*to++ = '\\';
	*to++ = 'u';
	for (i = 4; i--; code >>= 4)
		to[i] = hex_digits[code & 15];
	return ESCAPED;
}

/*
 * Writes the character at @text as a string has it: what JSON demands is
 * escaped, and what a terminal acts on. Return: the bytes in @to; @ret takes
 * how many bytes of @text the character was.
 */
static size_t write_character(const char *text, char *to, size_t *ret)
{
	static const char from[] = "\"\\\b\f\n\r\t", as[] = "\"\\bfnrt";
	const char *known = strchr(from, *text);
	bool whole;

	*ret = utf8_step(text, &whole);
	if (!whole) {
		memcpy(to, "\xef\xbf\xbd", 3);
		return 3;
	}
	if (known) {
		to[0] = '\\';
		to[1] = as[known - from];
		return 2;
	}
	if (utf8_is_control(text, *ret))
		return escape(utf8_code(text, *ret), to);
	memcpy(to, text, *ret);
	return *ret;
}

/* Puts the character at @text. Return: how many bytes of @text it was. */
static size_t put_odd(struct json *json, const char *text)
{
	char escaped[ESCAPED];
	size_t taken, n = write_character(text, escaped, &taken);

	put(json, escaped, n);
	return taken;
}

static void put_string(struct json *json, const char *text)
{
	size_t n;

	PUT(json, "\"");
	for (;; text += put_odd(json, text)) {
		for (n = 0; is_plain(text[n]); n++)
			;
		put(json, text, n);
		text += n;
		if (!*text)
			break;
	}
	PUT(json, "\"");
}

size_t json_make_key(const char *name, char *to)
{
	char *start = to;
	size_t taken;

	*to++ = '"';
	for (; *name; name += taken)
		to += write_character(name, to, &taken);
	*to++ = '"';
	*to++ = ':';
	return to - start;
}

void json_put_key(struct json *json, const char *key, size_t n)
{
	separate(json);
	put(json, key, n);
	json->comma = false;
}

void json_key(struct json *json, const char *name)
{
	separate(json);
	put_string(json, name);
	PUT(json, ":");
	json->comma = false;
}

void json_text(struct json *json, const char *text)
{
	if (!text) {
		json_null(json);
		return;
	}
	separate(json);
	put_string(json, text);
}

static void put_number(struct json *json, uint64_t number)
{
	char text[NUMBER_TEXT];
	const char *start = number_text(number, text);

	put(json, start, text + sizeof(text) - 1 - start);
}

void json_u64(struct json *json, uint64_t number)
{
	separate(json);
	put_number(json, number);
}

void json_i64(struct json *json, int64_t number)
{
	separate(json);
	if (number < 0)
		PUT(json, "-");
	put_number(json, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void json_bool(struct json *json, bool flag)
{
	separate(json);
	if (flag)
		PUT(json, "true");
	else
		PUT(json, "false");
}

void json_null(struct json *json)
{
	separate(json);
	PUT(json, "null");
}

void json_address(struct json *json, uint64_t address)
{
	char text[2 + 16 + 2], *at = text + sizeof(text);

	*--at = '"';
	do {
		*--at = hex_digits[address & 15];
		address >>= 4;
	} while (address);
	*--at = 'x';
	*--at = '0';
	separate(json);
	PUT(json, "\"");
	put(json, at, text + sizeof(text) - at);
}

void json_member_text(struct json *json, const char *name, const char *text)
{
	json_key(json, name);
	json_text(json, text);
}

void json_member_u64(struct json *json, const char *name, uint64_t number)
{
	json_key(json, name);
	json_u64(json, number);
}

void json_member_bool(struct json *json, const char *name, bool flag)
{
	json_key(json, name);
	json_bool(json, flag);
}
