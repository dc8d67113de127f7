/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results, as the lines of tests/run. */
#ifndef TESTS_GUEST_ADVERSARY_REPORT_H
#define TESTS_GUEST_ADVERSARY_REPORT_H

#include <stdbool.h>

/* Makes all names begin with @prefix. */
void report_init(const char *prefix);

/* Prints the result of test @name. Return: @ok. */
bool report(bool ok, const char *name);

/* Prints a comment below a result. */
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fails, as nothing can be tested. */
void give_up(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif
