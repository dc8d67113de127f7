// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail_if.h"
#include "ui/message.h"
#include "ui/quantity.h"
#include "ui/suggest.h"
#include "util/u64.h"

/* Return: a total of this name, or TOTALS. */
static enum total_id find_total(const char *name, size_t length,
				struct suggestion *near)
{
	enum total_id id;

	suggest_begin(near, name, length);
	for (id = 0; id < TOTALS; id++) {
		if (strlen(totals[id]) == length &&
		    !memcmp(totals[id], name, length))
			break;
		suggest_try(near, totals[id]);
	}
	return id;
}

static int unknown_total(const struct condition_parts *parts,
			 const struct suggestion *near, char *wrong)
{
	char hint[SUGGEST_HINT];

	snprintf(wrong, FAIL_IF_WRONG, "no total is called '%.*s'; %s",
		 (int)parts->name_length, parts->name,
		 near->name[0] ? suggest_hint(near, "", hint)
			       : "the totals are in --json");
	return -EINVAL;
}

int fail_if_parse(const char **text, struct fail_if *ret,
		  char wrong[FAIL_IF_WRONG])
{
	const size_t length = strcspn(*text, ",");
	struct condition_parts parts;
	struct fail_if condition;
	struct suggestion near;
	size_t n;

	if (condition_split(*text, length, &parts) || !parts.value ||
	    parts.relation == RELATION_LIKE) {
		snprintf(wrong, FAIL_IF_WRONG,
			 "invalid condition '%.*s'; write TOTAL RELATION "
			 "LIMIT, with one of == != < <= > >=",
			 (int)length, *text);
		return -EINVAL;
	}
	condition.relation = parts.relation;
	condition.total = find_total(parts.name, parts.name_length, &near);
	if (condition.total == TOTALS)
		return unknown_total(&parts, &near, wrong);
	n = quantity_parse(parts.value, &condition.limit);
	if (!n || n != parts.value_length) {
		snprintf(wrong, FAIL_IF_WRONG,
			 "invalid limit '%.*s'; give a number such as "
			 "0, " QUANTITY_EXAMPLES,
			 (int)parts.value_length, parts.value);
		return -EINVAL;
	}
	condition.written = parts.value;
	condition.length = parts.value_length;
	*text += length + !!(*text)[length];
	*ret = condition;
	return 0;
}

bool fail_if_is_true(const struct fail_if *condition, uint64_t number)
{
	return relation_is_true(condition->relation,
				u64_compare(number, condition->limit));
}

static bool is_of_bytes(enum total_id id)
{
	return id != TOTAL_BUFFERS && id != TOTAL_UNEXPLAINED;
}

static void say_met(const struct fail_if *condition, uint64_t number,
		    bool bytes)
{
	char is[24], limit[24];

	snprintf(is, sizeof(is), "%" PRIu64, number);
	if (!bytes && is_of_bytes(condition->total)) {
		human_bytes(condition->limit, limit);
		human_bytes(number, is);
		/* Two numbers that differ look alike when they are rounded. */
		if (number != condition->limit && !strcmp(is, limit))
			snprintf(is, sizeof(is), "%" PRIu64, number);
	}
	message("condition met: %s is %s (limit %.*s)",
		totals[condition->total], is, (int)condition->length,
		condition->written);
}

int fail_if_judge(const char *text, const struct envelope *envelope, bool bytes,
		  int status)
{
	struct fail_if condition;
	char wrong[FAIL_IF_WRONG];
	const struct total *total;

	while (text && *text && !fail_if_parse(&text, &condition, wrong)) {
		total = &envelope->totals[condition.total];
		if (!total->known) {
			message_gap(0, totals[condition.total],
				    "not known, so --fail-if cannot tell",
				    NULL);
			status = status == STATUS_WHOLE ? STATUS_GAPS : status;
		} else if (fail_if_is_true(&condition, total->number)) {
			say_met(&condition, total->number, bytes);
			status = STATUS_CONDITION;
		}
	}
	return status;
}
