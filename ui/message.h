/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program says on stderr: one line, "PROGRAM: what failed: why; what to
 * do". Bytes that a terminal would act on are escaped, wherever they come from.
 * A message is said without memory too, but then its first 1000 bytes are all.
 */
#ifndef UI_MESSAGE_H
#define UI_MESSAGE_H

#include <stdarg.h>
#include <stdint.h>

/* Sets the name that each line begins with; it is not copied. */
void message_set_program(const char *name);

void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* @why and @hint may be NULL or "". */
void message_failure(const char *what, const char *why, const char *hint);

void message_no_memory(void);

/*
 * Says what an answer lacks: "PROGRAM: not complete: [COUNT ]WHAT: WHY; HINT".
 * @count may be 0, when it is not known; @hint may be NULL or "".
 */
void message_gap(uint64_t count, const char *what, const char *why,
		 const char *hint);

/*
 * Says what is wrong with the command line, and where the help is. @command is
 * the command, or NULL for the help of the program.
 */
void message_usage(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, with @hint in place of the help, unless it is "". */
void message_unknown(const char *command, const char *hint, const char *format,
		     ...) __attribute__((format(printf, 3, 4)));

/* Both of them, for functions that take a format themselves. */
void message_usage_args(const char *command, const char *hint,
			const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

#endif
