/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of --fail-if: a total, a comparison and a limit, commas between.
 */
#ifndef CLI_FAIL_IF_H
#define CLI_FAIL_IF_H

#include "cli/envelope.h"
#include "ui/condition.h"

struct fail_if {
	enum total_id total;
	enum relation relation;
	uint64_t limit;
	const char *written; /* the limit as it was given */
	size_t length;
};

/* Bytes of what is wrong with a condition, as text. */
enum { FAIL_IF_WRONG = 256 };

/*
 * Reads the first condition of @text, such as "kernel_only>64M", and moves it
 * behind the comma that follows, if any. Return: 0, or -EINVAL with what is
 * wrong, and what to do, in @wrong.
 */
int fail_if_parse(const char **text, struct fail_if *ret,
		  char wrong[FAIL_IF_WRONG]);

bool fail_if_is_true(const struct fail_if *condition, uint64_t number);

/*
 * Says which conditions of @text are true of the totals, or cannot be told.
 * @bytes: sizes are shown as plain numbers. Return: @status, or what the
 * conditions make of it.
 */
int fail_if_judge(const char *text, const struct envelope *envelope, bool bytes,
		  int status);

#endif
