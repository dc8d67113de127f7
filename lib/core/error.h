/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reason of a failure, as data. Set it once, where the failure is found. */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <dmabuf/dmabuf.h>

/* Sets error and text, and clears the hint. Return: @err. */
int error_set(struct dmabuf_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same with ": " and the text of @err, a -errno, behind. Does nothing if
 * @err is not below 0. Return: @err, or 0.
 */
int error_set_errno(struct dmabuf_error *error, int err, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

/* Sets the error of failed allocations. Return: -ENOMEM. */
int error_no_memory(struct dmabuf_error *error);

/* Sets the hint of an error just set. Return: its error. */
int error_hint(struct dmabuf_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Sets the hint of an error just set: these capabilities are missing. Root has
 * all of them, unless a container or a service took some away. Return: its
 * error.
 */
int error_hint_capability(struct dmabuf_error *error, const char *capabilities);

#endif
