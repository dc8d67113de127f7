// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "adversary/report.h"

static const char *name_prefix;

void report_init(const char *prefix)
{
	name_prefix = prefix;
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

bool report(bool ok, const char *name)
{
	printf("%s %s/%s\n", ok ? "ok" : "not ok", name_prefix, name);
	return ok;
}

static void print_remark(const char *format, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, args);
	printf("  # %s\n", text);
}

void remark(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_remark(format, args);
	va_end(args);
}

void give_up(const char *format, ...)
{
	va_list args;

	report(false, "adversary");
	va_start(args, format);
	print_remark(format, args);
	va_end(args);
	exit(EXIT_FAILURE);
}
