// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ui/json.h"
#include "ui/utf8.h"
#include "util/copy.h"
#include "util/u64.h"

static const char hex_digits[] = "0123456789abcdef";

/* In place of the depth of an array with lines. */
#define NO_LINES UINT_MAX

void json_init(struct json *json, FILE *file)
{
	/* Not @buf, which is large. */
	json->file = file;
	json->err = 0;
	json->comma = false;
	json->depth = 0;
	json->lines = NO_LINES;
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

/* The most that room() makes room for. */
enum { ROOM = 128 };

/* Return: where @n bytes can be written, at most ROOM; see end_at(). */
static inline char *room(struct json *json, size_t n)
{
	if (n > sizeof(json->buf) - json->n)
		put_large(json, "", 0);
	return json->buf + json->n;
}

/* Keeps what was written at room(), up to @end. */
static inline void end_at(struct json *json, const char *end)
{
	json->n = end - json->buf;
}

/*
 * Writes what stands between a value and the one before it. Return: where @n
 * bytes of the value can be written; see end_at().
 */
static inline char *separate(struct json *json, size_t n)
{
	char *to = room(json, strlen(",\n") + n);

	if (json->comma)
		*to++ = ',';
	if (json->depth == json->lines)
		*to++ = '\n';
	json->comma = true;
	return to;
}

/* Writes a value of a few bytes. */
static inline void put_value(struct json *json, const char *text, size_t n)
{
	end_at(json, mempcpy(separate(json, n), text, n));
}

#define PUT_VALUE(json, literal) put_value(json, literal, sizeof(literal) - 1)

static void begin(struct json *json, const char *bracket)
{
	put_value(json, bracket, 1);
	json->comma = false;
	json->depth++;
}

static void end(struct json *json, const char *bracket)
{
	if (json->depth == json->lines) {
		if (json->comma)
			PUT(json, "\n");
		json->lines = NO_LINES;
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

/* Writes the rest of a string, behind its quotation mark. */
static void put_string(struct json *json, const char *text)
{
	size_t n;

	for (;;) {
		n = utf8_copy_plain(room(json, ROOM), text, ROOM);
		json->n += n;
		text += n;
		if (!*text)
			break;
		if (n < ROOM)
			text += put_odd(json, text);
	}
	PUT(json, "\"");
}

struct json_key json_key_new(const char *name)
{
	char *text =
		malloc(ESCAPED * strlen(name) + sizeof(",\"\":") + COPY_SLACK);
	char *to = text;
	size_t taken;

	if (!text)
		return (struct json_key){};
	to = stpcpy(to, ",\"");
	for (; *name; name += taken)
		to += write_character(name, to, &taken);
	to = stpcpy(to, "\":");
	memset(to, 0, COPY_SLACK);
	return (struct json_key){ text, to - text };
}

void json_key_fini(struct json_key *key)
{
	free((char *)key->text);
	*key = (struct json_key){};
}

/* Whether a key fits into the buffer, and up to @more bytes behind it. */
static inline bool has_room(const struct json *json, const struct json_key *key,
			    size_t more)
{
	return key->n + more <= sizeof(json->buf) - json->n;
}

/* Puts a key that does not fit. */
static __attribute__((noinline)) void put_large_key(struct json *json,
						    const struct json_key *key)
{
	const bool first = !json->comma;

	put_large(json, key->text + first, key->n - first);
	json->comma = false;
}

/*
 * Writes a key, which fits, with the comma before it. A key is in an object,
 * and so never on a line of its own. Return: its end.
 */
static inline char *write_key(struct json *json, const struct json_key *key)
{
	const bool first = !json->comma;

	return copy_short(json->buf + json->n, key->text + first,
			  key->n - first);
}

void json_put_key(struct json *json, const struct json_key *key)
{
	if (!has_room(json, key, COPY_SLACK)) {
		put_large_key(json, key);
		return;
	}
	end_at(json, write_key(json, key));
	json->comma = false;
}

/* As json_put_u64(), of a member that does not fit. */
static __attribute__((noinline)) void put_large_u64(struct json *json,
						    const struct json_key *key,
						    uint64_t number)
{
	put_large_key(json, key);
	json_u64(json, number);
}

void json_put_u64(struct json *json, const struct json_key *key,
		  uint64_t number)
{
	if (!has_room(json, key, NUMBER_TEXT)) {
		put_large_u64(json, key, number);
		return;
	}
	end_at(json, number_put(write_key(json, key), number));
	json->comma = true;
}

void json_put_text(struct json *json, const struct json_key *key,
		   const char *text)
{
	char *to;
	size_t n;

	if (!has_room(json, key, ROOM)) {
		json_put_key(json, key);
		json_text(json, text);
		return;
	}
	to = write_key(json, key);
	*to++ = '"';
	n = utf8_copy_plain(to, text, ROOM - 2);
	json->comma = true;
	if (text[n]) {
		end_at(json, to + n);
		put_string(json, text + n);
		return;
	}
	to[n] = '"';
	end_at(json, to + n + 1);
}

void json_key(struct json *json, const char *name)
{
	PUT_VALUE(json, "\"");
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
	PUT_VALUE(json, "\"");
	put_string(json, text);
}

void json_u64(struct json *json, uint64_t number)
{
	end_at(json, number_put(separate(json, NUMBER_TEXT), number));
}

void json_i64(struct json *json, int64_t number)
{
	char *to = separate(json, 1 + NUMBER_TEXT);

	if (number < 0)
		*to++ = '-';
	end_at(json, number_put(to, number < 0 ? -(uint64_t)number
					       : (uint64_t)number));
}

void json_thousandths(struct json *json, uint64_t number)
{
	char *to = number_put(separate(json, NUMBER_TEXT + 4), number / 1000);
	unsigned int rest = number % 1000, unit;

	*to++ = '.';
	for (unit = 100; unit; unit /= 10)
		*to++ = '0' + rest / unit % 10;
	end_at(json, to);
}

void json_bool(struct json *json, bool flag)
{
	if (flag)
		PUT_VALUE(json, "true");
	else
		PUT_VALUE(json, "false");
}

void json_null(struct json *json)
{
	PUT_VALUE(json, "null");
}

void json_address(struct json *json, uint64_t address)
{
	char *to = separate(json, ADDRESS_TEXT + 2);

	*to++ = '"';
	to = address_put(to, address);
	*to++ = '"';
	end_at(json, to);
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
