/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions of --fail-if, with commas between: a word, a comparison, a limit.
 * The word is a total, or a column: then the sum of all rows is compared, or
 * with "any" in front each row.
 */
#ifndef CLI_FAIL_IF_H
#define CLI_FAIL_IF_H

#include "cli/format.h"
#include "ui/condition.h"

struct fail_if {
	enum total_id total; /* TOTALS: of the column */
	const struct column *column;
	bool any; /* of any row */
	enum relation relation;
	uint64_t limit;
	const char *written; /* the limit as it was given */
	size_t length;
};

/* Bytes of what is wrong with a condition, as text. */
enum { FAIL_IF_WRONG = 256 };

/*
 * Reads the first condition of @text, such as "kernel_only>64M" or "any fds>9",
 * and moves it behind the comma that follows, if any. @columns are those of the
 * command. Return: 0, or -EINVAL with what is wrong, and what to do, in @wrong.
 */
int fail_if_parse(const char **text, const struct column *columns,
		  struct fail_if *ret, char wrong[FAIL_IF_WRONG]);

/* Whether a condition can be true or false of a number. */
enum fail_if_state { FAIL_IF_FALSE, FAIL_IF_TRUE, FAIL_IF_UNKNOWN };

/* @is_least: the number may be higher, because not all of it is known. */
enum fail_if_state fail_if_state(const struct fail_if *condition,
				 uint64_t number, bool is_least);

/*
 * What conditions of @text depend on. Return: bits of enum column_needs, among
 * others.
 */
unsigned int fail_if_needs(const char *text, const struct column *columns);

/*
 * Says which conditions of @text are true of an answer, or cannot be told.
 * Return: STATUS_CONDITION when one is true, STATUS_GAPS when one cannot be
 * told, else STATUS_WHOLE.
 */
int fail_if_judge(const char *text, const struct column *columns,
		  const struct answer *answer);

#endif
