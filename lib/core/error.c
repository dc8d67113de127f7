// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

int error_set(struct dmabuf_error *error, int err, const char *format, ...)
{
	va_list args;

	error->err = err;
	error->hint[0] = 0;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return err;
}

int error_set_errno(struct dmabuf_error *error, int err, const char *format,
		    ...)
{
	char text[sizeof(error->text)];
	va_list args;

	if (err >= 0)
		return 0;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_set(error, err, "%s: %s", text, strerror(-err));
}

int error_no_memory(struct dmabuf_error *error)
{
	return error_set(error, -ENOMEM, "out of memory");
}

int error_hint(struct dmabuf_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->hint, sizeof(error->hint), format, args);
	va_end(args);
	return error->err;
}

int error_hint_capability(struct dmabuf_error *error, const char *capabilities)
{
	if (geteuid())
		return error_hint(error, "run as root, or grant %s",
				  capabilities);
	return error_hint(error,
			  "root lacks %s here: have it added to this "
			  "container or service",
			  capabilities);
}
