/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reason of a failure, as data; filled once, where it is first seen. */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <dmabuf/dmabuf.h>

/* Sets error and text, and clears the cure. Return: @err. */
int why_set(struct dmabuf_why *why, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets the cure of a reason just set. Return: its error. */
int why_cure(struct dmabuf_why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
