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

void remark(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("  # %s\n", text);
}

void give_up(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report(false, "adversary");
	printf("  # %s\n", text);
	exit(EXIT_FAILURE);
}
