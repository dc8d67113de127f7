// SPDX-License-Identifier: GPL-2.0-or-later
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums_stay_at_the_top),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
