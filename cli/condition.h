/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of --fail-if: a total, a comparison, and a limit. */
#ifndef CLI_CONDITION_H
#define CLI_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

struct condition {
	char total[16]; /* its name */
	char relation[3]; /* one of > >= < <= = */
	uint64_t limit;
};

/*
 * Reads one from @text, such as "kernel_only>64M", and moves it behind the
 * comma that follows, if any. Return: NULL, or what is wrong with it.
 */
const char *condition_parse(const char **text, struct condition *ret);

/* Whether @number stands to the limit as the condition says. */
bool condition_holds(const struct condition *condition, uint64_t number);

#endif
