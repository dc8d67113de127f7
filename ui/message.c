// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/message.h"
#include "ui/utf8.h"
#include "util/cleanup.h"

/* Bytes of a message that needs no memory; without, a longer one is cut. */
enum { SHORT = 1024 };

static const char *program = "";

void message_set_program(const char *name)
{
	program = name;
}

void message_no_memory(void)
{
	fprintf(stderr, "%s: out of memory\n", program);
}

static const char *make_text(char to[SHORT], char **large, const char *format,
			     va_list args)
	__attribute__((format(printf, 3, 0)));

/* Makes a text in @to, a long one in @large as well, which the caller frees. */
static const char *make_text(char to[SHORT], char **large, const char *format,
			     va_list args)
{
	static const char cut[] = "...";
	va_list again;

	va_copy(again, args);
	if (vsnprintf(to, SHORT, format, args) >= SHORT) {
		strcpy(to + SHORT - sizeof(cut), cut);
		if (vasprintf(large, format, again) < 0)
			*large = NULL;
	}
	va_end(again);
	return *large ?: to;
}

void message(const char *format, ...)
{
	_cleanup_free_ char *large = NULL, *large_safe = NULL;
	char text[SHORT], safe[4 * SHORT];
	va_list args;

	va_start(args, format);
	(void)make_text(text, &large, format, args);
	va_end(args);
	if (large)
		large_safe = malloc(4 * strlen(large) + 1);
	locale_printable(large_safe ? large : text, large_safe ?: safe);
	fprintf(stderr, "%s: %s\n", program, large_safe ?: safe);
}

void message_failure(const char *what, const char *why, const char *hint)
{
	why = why ?: "";
	hint = hint ?: "";
	message("%s%s%s%s%s", what, *why ? ": " : "", why, *hint ? "; " : "",
		hint);
}

void message_gap(uint64_t count, const char *what, const char *why,
		 const char *hint)
{
	char many[32] = "";

	hint = hint ?: "";
	if (count)
		snprintf(many, sizeof(many), "%" PRIu64 " ", count);
	message("not complete: %s%s: %s%s%s", many, what, why,
		*hint ? "; " : "", hint);
}

void message_usage_args(const char *command, const char *hint,
			const char *format, va_list args)
{
	_cleanup_free_ char *large = NULL;
	char buf[SHORT];
	const char *text = make_text(buf, &large, format, args);

	if (*hint)
		message("%s; %s", text, hint);
	else
		message("%s; see '%s%s%s --help'", text, program,
			command ? " " : "", command ?: "");
}

void message_usage(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_usage_args(command, "", format, args);
	va_end(args);
}

void message_unknown(const char *command, const char *hint, const char *format,
		     ...)
{
	va_list args;

	va_start(args, format);
	message_usage_args(command, hint, format, args);
	va_end(args);
}
