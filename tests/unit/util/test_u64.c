// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "tests/unit/unit.h"
#include "util/u64.h"

static void test_sums_stay_at_the_top(void **state)
{
	(void)state;
	assert_true(u64_sat_add(1, 2) == 3);
	assert_true(u64_sat_add(UINT64_MAX, 0) == UINT64_MAX);
	assert_true(u64_sat_add(UINT64_MAX - 1, 1) == UINT64_MAX);
	assert_true(u64_sat_add(UINT64_MAX, 1) == UINT64_MAX);
	assert_true(u64_sat_add(1ULL << 63, 1ULL << 63) == UINT64_MAX);
}

static void test_order(void **state)
{
	(void)state;
	assert_true(u64_compare(1, 2) < 0);
	assert_true(u64_compare(2, 1) > 0);
	assert_int_equal(u64_compare(2, 2), 0);
	/* The difference does not fit into an int. */
	assert_true(u64_compare(0, UINT64_MAX) < 0);
	assert_true(u64_compare(UINT64_MAX, 0) > 0);
}

static void check_text(uint64_t number)
{
	char wanted[NUMBER_TEXT], text[NUMBER_TEXT];

	snprintf(wanted, sizeof(wanted), "%" PRIu64, number);
	*number_put(text, number) = 0;
	assert_string_equal(text, wanted);
}

static void test_text_of_each_length(void **state)
{
	uint64_t power = 1;
	int digits;

	(void)state;
	for (digits = 1; digits <= 20; digits++, power *= 10) {
		check_text(power - 1);
		check_text(power);
		check_text(power + 1);
	}
	check_text(UINT64_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums_stay_at_the_top),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_text_of_each_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
