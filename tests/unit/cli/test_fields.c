// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of fields, and the columns of all shown that refer to it. */
#include <ctype.h>

#include "cli/cmd.h"
#include "cli/rows/holder.h"
#include "tests/unit/unit.h"

static void test_every_field_is_described(void **state)
{
	const char *c;
	size_t i, j;

	(void)state;
	for (i = 0; i < FIELDS; i++) {
		assert_non_null(fields[i].name);
		assert_non_null(fields[i].help);
		assert_in_range(strlen(fields[i].name), 1, 22);
		for (c = fields[i].name; *c; c++)
			assert_true(islower(*c) || *c == '_');
		for (j = 0; j < i; j++)
			assert_string_not_equal(fields[i].name, fields[j].name);
	}
}

static bool is_list(const struct column *column)
{
	return column->field->type == VALUE_LIST ||
	       column->field->type == VALUE_NAMES;
}

static void check_columns(const struct column *columns)
{
	const struct column *column;
	unsigned int shown = 0;
	const char *name;
	size_t n = 0;

	for (column = columns; column->field; column++, n++) {
		name = column->field->name;
		assert_in_range(column->field - fields, 0, FIELDS - 1);
		assert_non_null(column->get);
		/* Lists, and no others, have a form of their own in JSON. */
		assert_int_equal(is_list(column), !!column->json);
		/* Each name is there once. */
		assert_ptr_equal(column_find(columns, name, strlen(name)),
				 column);
		shown |= column->flags;
	}
	assert_in_range(n, 1, COLUMNS_MAX);
	assert_true(shown & COLUMN_JSON);
}

static void test_columns(void **state)
{
	static const struct cmd *const shown[] = {
		&cmd_summary, &cmd_list,  &cmd_ps,    &cmd_show,   &cmd_shared,
		&cmd_leaks,   &cmd_heaps, &cmd_alloc, &cmd_doctor,
	};
	const char *sort;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		check_columns(shown[i]->columns);
		sort = shown[i]->sort;
		if (!sort)
			continue;
		sort += *sort == '-';
		assert_non_null(
			column_find(shown[i]->columns, sort, strlen(sort)));
	}
	check_columns(holder_columns);
}

/* An address is for those who ask for it. */
static void test_addresses_are_not_shown_by_default(void **state)
{
	const struct column *column =
		column_find(cmd_list.columns, "address", strlen("address"));

	(void)state;
	assert_non_null(column);
	assert_false(column->flags & COLUMN_BOTH);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field_is_described),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_addresses_are_not_shown_by_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
