// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions, sizes and misspelt names, as they are written on a command line.
 */
#include "cli/fail_if.h"
#include "cli/fields.h"
#include "fuzz.h"
#include "ui/condition.h"
#include "ui/quantity.h"
#include "ui/suggest.h"

static void check_parts(const char *text, size_t size)
{
	struct condition_parts parts;

	if (condition_split(text, size, &parts))
		return;
	must(parts.name >= text && parts.name_length);
	must(parts.name + parts.name_length <= text + size);
	if (parts.value)
		must(parts.value_length &&
		     parts.value + parts.value_length <= text + size);
}

static void get_nothing(const struct cell *cell, struct value *value)
{
	(void)cell;
	(void)value;
}

static const struct column columns[] = {
	COLUMN(PID, COLUMN_BOTH, get_nothing),
	COLUMN(FDS, COLUMN_BOTH, get_nothing),
	COLUMN(LARGEST, COLUMN_BOTH | NEEDS_HOLDERS, get_nothing),
	{},
};

static void check_fail_if(const char *text)
{
	char wrong[FAIL_IF_WRONG] = "";
	struct fail_if condition;
	const char *before;

	while (*text) {
		before = text;
		if (fail_if_parse(&text, columns, &condition, wrong)) {
			must(wrong[0] && strlen(wrong) < sizeof(wrong));
			must(text == before);
			return;
		}
		must(text > before);
		must((condition.total < TOTALS) != !!condition.column);
		(void)fail_if_state(&condition, condition.limit, true);
	}
}

static void check_suggestion(const char *text)
{
	struct suggestion near;
	char hint[SUGGEST_HINT];

	suggest_begin(&near, "kernel_only", strlen("kernel_only"));
	suggest_try(&near, text);
	must(strlen(suggest_hint(&near, "--", hint)) < sizeof(hint));
	suggest_begin(&near, text, strlen(text));
	suggest_try(&near, "unexplained");
	suggest_try(&near, text);
	must(strlen(suggest_hint(&near, "", hint)) < sizeof(hint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	uint64_t number;

	must(text);
	check_parts(text, strlen(text));
	(void)fail_if_needs(text, columns);
	check_fail_if(text);
	check_suggestion(text);
	must(quantity_parse(text, &number) <= strlen(text));
	(void)number_parse(text, &number);
	(void)integer_parse(text, &number);
	free(text);
	return 0;
}
