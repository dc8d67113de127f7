// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/now.h"

static int64_t offset_in(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	int64_t offset;

	assert_non_null(file);
	offset = now_read_offset(file);
	assert_int_equal(fclose(file), 0);
	return offset;
}

static void test_offsets(void **state)
{
	(void)state;
	assert_int_equal(offset_in("monotonic           7         8\n"
				   "boottime            5         6\n"),
			 5000000006);
	assert_int_equal(offset_in("boottime -2 500000000\n"), -1500000000);
	assert_int_equal(offset_in("monotonic 7 8\n"), 0);
	assert_int_equal(offset_in("boottime\nx\n"), 0);
}

static void test_now(void **state)
{
	const uint64_t before = now_kernel_ns();

	(void)state;
	assert_true(now_kernel_ns() >= before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
