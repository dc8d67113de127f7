// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts of references, in both layouts of kernels. */
#include "tests/unit/files/kernel.h"

#include "files/recount.h"
#include "util/cleanup.h"

/* The count of a buffer, whose file has this value for it. */
static uint64_t count(struct reach *reach, uint64_t buffer,
		      enum kernel_field member, uint64_t value)
{
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       counts = VEC_OF(uint64_t);

	kernel_put(kernel_file_of(reach, buffer), reach->layout.at[member],
		   value);
	assert_return_code(vec_push(&addresses, &buffer), 0);
	recount(reach, &addresses, &counts);
	assert_int_equal(reach->error, 0);
	assert_int_equal(counts.n, 1);
	return *(uint64_t *)counts.data;
}

static void test_count(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	assert_int_equal(count(reach, buffer, FIELD_file_f_ref, 0), 1);
	assert_int_equal(count(reach, buffer, FIELD_file_f_ref, 6), 7);
}

/* Before v6.13. */
static void test_old_count(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	AT(&reach->layout, file, f_ref) = LAYOUT_NONE;
	assert_int_equal(count(reach, buffer, FIELD_file_f_count, 7), 7);
}

static void test_end(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	assert_int_equal(
		count(reach, buffer, FIELD_file_f_ref, 0xe000000000000000), 0);
}

/* The buffer is freed already, so its file is not known. */
static void test_freed(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = 0xdead000000000100;
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       counts = VEC_OF(uint64_t);

	assert_return_code(vec_push(&addresses, &buffer), 0);
	recount(reach, &addresses, &counts);
	assert_int_equal(counts.n, 1);
	assert_int_equal(*(uint64_t *)counts.data, 0);
}

static void test_no_types(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       counts = VEC_OF(uint64_t);

	AT(&reach->layout, file, f_ref) = LAYOUT_NONE;
	AT(&reach->layout, file, f_count) = LAYOUT_NONE;
	assert_return_code(vec_push(&addresses, &buffer), 0);
	recount(reach, &addresses, &counts);
	assert_int_equal(counts.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_count),    KERNEL_TEST(test_old_count),
		KERNEL_TEST(test_end),	    KERNEL_TEST(test_freed),
		KERNEL_TEST(test_no_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
