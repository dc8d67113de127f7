// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdarg.h>
#include <stdio.h>

#include "core/error.h"

int why_set(struct dmabuf_why *why, int err, const char *format, ...)
{
	va_list args;

	why->err = err;
	why->cure[0] = 0;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}

int why_cure(struct dmabuf_why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->cure, sizeof(why->cure), format, args);
	va_end(args);
	return why->err;
}
