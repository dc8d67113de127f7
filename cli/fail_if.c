// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail_if.h"
#include "ui/message.h"
#include "ui/quantity.h"
#include "ui/suggest.h"
#include "ui/utf8.h"
#include "util/u64.h"

/* A word of a condition. */
struct word {
	const char *text;
	size_t length;
};

static bool is_word(const struct word *word, const char *name)
{
	return strlen(name) == word->length &&
	       !memcmp(name, word->text, word->length);
}

/* Return: a total of this name, or TOTALS. */
static enum total_id find_total(const struct word *word)
{
	enum total_id id;

	for (id = 0; id < TOTALS; id++)
		if (is_word(word, totals[id]))
			break;
	return id;
}

/* Whether the values of a column are amounts, which can be compared. */
static bool is_amount(const struct column *column)
{
	switch (column->field->type) {
	case VALUE_NUMBER:
	case VALUE_BYTES:
	case VALUE_LIST:
	case VALUE_DURATION:
		return true;
	default:
		return false;
	}
}

static bool is_time(const struct column *column)
{
	return column && column->field->type == VALUE_DURATION;
}

/* The largest of several, or places in a buffer, have no sum; nor have ages. */
static bool has_sum(const struct column *column)
{
	return is_amount(column) && !is_time(column) &&
	       column->field != &fields[FIELD_LARGEST] &&
	       column->field != &fields[FIELD_OFFSET];
}

static void suggest_words(struct suggestion *near, const struct column *columns,
			  bool any)
{
	enum total_id id;

	for (id = 0; !any && id < TOTALS; id++)
		suggest_try(near, totals[id]);
	for (; columns->field; columns++)
		if (any ? is_amount(columns) : has_sum(columns))
			suggest_try(near, columns->field->name);
}

/* Says why a word is none that can be compared. Return: -EINVAL. */
static int unknown_word(const struct word *word, const struct column *columns,
			bool any, char *wrong)
{
	const struct column *column =
		column_find(columns, word->text, word->length);
	char hint[SUGGEST_HINT];
	struct suggestion near;

	if (column && is_amount(column)) {
		snprintf(wrong, FAIL_IF_WRONG,
			 "'%s' has no sum; write 'any %s' for that of each row",
			 column->field->name, column->field->name);
		return -EINVAL;
	}
	if (column) {
		snprintf(wrong, FAIL_IF_WRONG,
			 "column '%s' has no amounts; see --help for others",
			 column->field->name);
		return -EINVAL;
	}
	suggest_begin(&near, word->text, word->length);
	suggest_words(&near, columns, any);
	snprintf(wrong, FAIL_IF_WRONG, "no %s is called '%.*s'; %s",
		 any ? "column" : "total or column", (int)word->length,
		 word->text,
		 near.name[0] ? suggest_hint(&near, "", hint)
		 : any	      ? "--help has the columns"
			      : "the totals are in --json");
	return -EINVAL;
}

/* Takes "any" and the blanks that follow from a word. */
static bool take_any(struct word *word)
{
	size_t n = strlen("any");

	if (word->length <= n || memcmp(word->text, "any", n) ||
	    !isspace((unsigned char)word->text[n]))
		return false;
	while (isspace((unsigned char)word->text[n]))
		n++;
	word->text += n;
	word->length -= n;
	return true;
}

static int parse_word(const struct condition_parts *parts,
		      const struct column *columns, struct fail_if *condition,
		      char *wrong)
{
	struct word word = { parts->name, parts->name_length };
	const struct column *column;

	condition->any = take_any(&word);
	condition->total = condition->any ? TOTALS : find_total(&word);
	if (condition->total < TOTALS)
		return 0;
	column = column_find(columns, word.text, word.length);
	if (!column || (condition->any ? !is_amount(column) : !has_sum(column)))
		return unknown_word(&word, columns, condition->any, wrong);
	condition->column = column;
	return 0;
}

/* Return: 0, or another number when the limit is no time. */
static int parse_time(const struct condition_parts *parts, uint64_t *ret)
{
	char text[DURATION_TEXT];

	if (parts->value_length >= sizeof(text))
		return -EINVAL;
	memcpy(text, parts->value, parts->value_length);
	text[parts->value_length] = 0;
	return duration_parse(text, ret);
}

static int parse_number(const struct condition_parts *parts, uint64_t *ret)
{
	size_t n = quantity_parse(parts->value, ret);

	return n && n == parts->value_length ? 0 : -EINVAL;
}

static int parse_limit(const struct condition_parts *parts,
		       struct fail_if *condition, char *wrong)
{
	const bool time = is_time(condition->column);

	condition->written = parts->value;
	condition->length = parts->value_length;
	if (!(time ? parse_time : parse_number)(parts, &condition->limit))
		return 0;
	snprintf(wrong, FAIL_IF_WRONG, "invalid limit '%.*s'; give a %s",
		 (int)parts->value_length, parts->value,
		 time ? "time such as 90s, 10m or 1h30m"
		      : "number such as 0, " QUANTITY_EXAMPLES);
	return -EINVAL;
}

int fail_if_parse(const char **text, const struct column *columns,
		  struct fail_if *ret, char wrong[FAIL_IF_WRONG])
{
	const size_t length = strcspn(*text, ",");
	struct fail_if condition = {};
	struct condition_parts parts;
	int r;

	if (condition_split(*text, length, &parts) || !parts.value ||
	    parts.relation == RELATION_LIKE) {
		snprintf(wrong, FAIL_IF_WRONG,
			 "invalid condition '%.*s'; write TOTAL or any COLUMN, "
			 "one of == != < <= > >=, and a limit",
			 (int)length, *text);
		return -EINVAL;
	}
	condition.relation = parts.relation;
	r = parse_word(&parts, columns, &condition, wrong)
		    ?: parse_limit(&parts, &condition, wrong);
	if (r)
		return r;
	*text += length + !!(*text)[length];
	*ret = condition;
	return 0;
}

enum fail_if_state fail_if_state(const struct fail_if *condition,
				 uint64_t number, bool is_least)
{
	int order = u64_compare(number, condition->limit);
	bool is_true = relation_is_true(condition->relation, order);

	/* If the number may be higher, the condition must not change by that.
	 */
	for (; is_least && order <= 1; order++)
		if (relation_is_true(condition->relation, order) != is_true)
			return FAIL_IF_UNKNOWN;
	return is_true ? FAIL_IF_TRUE : FAIL_IF_FALSE;
}

unsigned int fail_if_needs(const char *text, const struct column *columns)
{
	struct fail_if condition;
	char wrong[FAIL_IF_WRONG];
	unsigned int needs = 0;

	while (text && *text &&
	       !fail_if_parse(&text, columns, &condition, wrong)) {
		if (condition.column)
			needs |= condition.column->flags;
		else if (condition.total != TOTAL_BUFFERS &&
			 condition.total != TOTAL_BYTES)
			needs |= NEEDS_HOLDERS;
	}
	return needs;
}

static bool is_of_bytes(const struct fail_if *condition)
{
	return condition->column
		       ? condition->column->field->type == VALUE_BYTES
		       : condition->total != TOTAL_BUFFERS &&
				 condition->total != TOTAL_UNEXPLAINED &&
				 condition->total != TOTAL_RELEASED;
}

static const char *name_of(const struct fail_if *condition)
{
	return condition->column ? condition->column->field->name
				 : totals[condition->total];
}

/* @of: words that say of which row, or "". */
static void say_met(const struct fail_if *condition, uint64_t number,
		    bool is_least, bool bytes, const char *of)
{
	char is[DURATION_TEXT], limit[24];

	snprintf(is, sizeof(is), "%" PRIu64, number);
	if (is_time(condition->column))
		human_duration(number, is);
	if (!bytes && is_of_bytes(condition)) {
		human_bytes(condition->limit, limit);
		human_bytes(number, is);
		/* Two numbers that differ look alike when they are rounded. */
		if (number != condition->limit && !strcmp(is, limit))
			snprintf(is, sizeof(is), "%" PRIu64, number);
	}
	message("condition met: %s%s is %s%s (limit %.*s)", name_of(condition),
		of, is_least ? "at least " : "", is, (int)condition->length,
		condition->written);
}

/* The cells of a row, as rows_table() makes them. */
static struct value value_at(const struct rows *rows,
			     const struct column *column, size_t i)
{
	const struct cell cell = {
		.column = column,
		.of = rows->of,
		.row = rows->at ? rows->at(rows->of, i) : NULL,
		.index = i,
	};

	return cell_value(&cell);
}

/* Names a row by its first column: " of pid 7". */
static void name_row(const struct answer *answer, const struct column *columns,
		     size_t i, char *to, size_t size)
{
	struct value value = value_at(answer->rows, columns, i);
	char safe[256] = "?", text[64];

	if (value.known && value.text && strlen(value.text) < sizeof(text)) {
		locale_printable(value.text, safe);
	} else if (value.known && !value.text) {
		snprintf(text, sizeof(text), "%" PRIu64, value.number);
		if (value.type == VALUE_BYTES && !answer->view->bytes)
			human_bytes(value.number, text);
		strcpy(safe, text);
	}
	snprintf(to, size, " of %s %s", columns->field->name, safe);
	value_fini(&value);
}

/* Finds the first row that the condition is true of, and says which it is. */
static enum fail_if_state judge_rows(const struct fail_if *condition,
				     const struct column *columns,
				     const struct answer *answer)
{
	bool knows_all = !answer->envelope->lacks_rows;
	struct value value;
	char of[320];
	size_t i;

	for (i = 0; i < answer->rows->n; i++) {
		value = value_at(answer->rows, condition->column, i);
		knows_all &= value.known;
		value_fini(&value);
		if (!value.known || fail_if_state(condition, value.number,
						  false) != FAIL_IF_TRUE)
			continue;
		name_row(answer, columns, i, of, sizeof(of));
		say_met(condition, value.number, false, answer->view->bytes,
			of);
		return FAIL_IF_TRUE;
	}
	return knows_all ? FAIL_IF_FALSE : FAIL_IF_UNKNOWN;
}

static struct total sum_rows(const struct column *column,
			     const struct answer *answer)
{
	struct total sum = { .known = true,
			     .is_least = answer->envelope->lacks_rows };
	struct value value;
	size_t i;

	for (i = 0; i < answer->rows->n; i++) {
		value = value_at(answer->rows, column, i);
		sum.known &= value.known;
		if (value.known)
			sum.number = u64_sat_add(sum.number, value.number);
		value_fini(&value);
	}
	return sum;
}

static enum fail_if_state judge_sum(const struct fail_if *condition,
				    const struct answer *answer)
{
	const struct total sum =
		condition->column ? sum_rows(condition->column, answer)
				  : answer->envelope->totals[condition->total];
	const bool is_least = !sum.known || sum.is_least;
	enum fail_if_state state;

	state = fail_if_state(condition, sum.number, is_least);
	if (state == FAIL_IF_TRUE)
		say_met(condition, sum.number, is_least, answer->view->bytes,
			"");
	return state;
}

int fail_if_judge(const char *text, const struct column *columns,
		  const struct answer *answer)
{
	struct fail_if condition;
	char wrong[FAIL_IF_WRONG];
	enum fail_if_state state;
	int status = STATUS_WHOLE;

	while (text && *text &&
	       !fail_if_parse(&text, columns, &condition, wrong)) {
		state = condition.any ? judge_rows(&condition, columns, answer)
				      : judge_sum(&condition, answer);
		if (state == FAIL_IF_TRUE)
			status = STATUS_CONDITION;
		if (state != FAIL_IF_UNKNOWN)
			continue;
		message_gap(0, name_of(&condition),
			    "not known, so --fail-if cannot tell", NULL);
		status = status == STATUS_WHOLE ? STATUS_GAPS : status;
	}
	return status;
}
