// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/message.h"
#include "util/cleanup.h"
#include "ui/utf8.h"

static const char *program = "";

void message_set_program(const char *name)
{
	program = name;
}

void message_no_memory(void)
{
	fprintf(stderr, "%s: out of memory\n", program);
}

void message(const char *format, ...)
{
	_cleanup_free_ char *text = NULL, *safe = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	safe = text ? malloc(4 * strlen(text) + 1) : NULL;
	if (!safe) {
		message_no_memory();
		return;
	}
	locale_printable(text, safe);
	fprintf(stderr, "%s: %s\n", program, safe);
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

static void say_usage(const char *command, const char *hint, const char *format,
		      va_list args) __attribute__((format(printf, 3, 0)));

static void say_usage(const char *command, const char *hint, const char *format,
		      va_list args)
{
	_cleanup_free_ char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	if (!text)
		message_no_memory();
	else if (*hint)
		message("%s; %s", text, hint);
	else
		message("%s; see '%s%s%s --help'", text, program,
			command ? " " : "", command ?: "");
}

void message_usage(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_usage(command, "", format, args);
	va_end(args);
}

void message_unknown(const char *command, const char *hint, const char *format,
		     ...)
{
	va_list args;

	va_start(args, format);
	say_usage(command, hint, format, args);
	va_end(args);
}
