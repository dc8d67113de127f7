// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/cleanup.h"
#include "util/vec.h"

static void test_grows_and_keeps(void **state)
{
	struct vec v = VEC_OF(uint64_t);
	uint64_t i;

	(void)state;
	for (i = 0; i < 10000; i++)
		assert_int_equal(vec_push(&v, &i), 0);
	assert_int_equal(v.n, 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(*(uint64_t *)vec_at(&v, i), i);
	vec_fini(&v);
}

static void test_elements_of_odd_size(void **state)
{
	char element[7] = "abcdef";
	struct vec v = { .each = sizeof(element) };
	size_t i;

	(void)state;
	for (i = 0; i < 200; i++) {
		element[0] = i;
		assert_int_equal(vec_push(&v, element), 0);
	}
	for (i = 0; i < 200; i++) {
		element[0] = i;
		assert_memory_equal(vec_at(&v, i), element, sizeof(element));
	}
	vec_fini(&v);
}

static void test_reserve_adds_nothing(void **state)
{
	struct vec v = VEC_OF(int);
	void *data;
	int i = 5;

	(void)state;
	assert_int_equal(vec_reserve(&v, 1000), 0);
	assert_int_equal(v.n, 0);
	assert_int_equal(v.room, 1000);
	data = v.data;
	assert_int_equal(vec_reserve(&v, 10), 0);
	assert_int_equal(v.room, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(vec_push(&v, &i), 0);
	assert_ptr_equal(v.data, data);
	vec_fini(&v);
}

static void test_grows_from_any_room(void **state)
{
	size_t room;
	uint64_t i;

	(void)state;
	for (room = 0; room < 5; room++) {
		struct vec v = VEC_OF(uint64_t);

		assert_int_equal(vec_reserve(&v, room), 0);
		for (i = 0; i < 10; i++) {
			assert_int_equal(vec_push(&v, &i), 0);
			assert_true(v.n <= v.room);
		}
		vec_fini(&v);
	}
}

static void test_no_memory_leaves_it_as_it_was(void **state)
{
	/* volatile, because the compiler would warn otherwise. */
	volatile size_t too_many = SIZE_MAX / 4;
	struct vec v = VEC_OF(uint64_t);
	uint64_t i = 7;

	(void)state;
	assert_int_equal(vec_push(&v, &i), 0);
	assert_int_equal(vec_reserve(&v, too_many), -ENOMEM);
	assert_int_equal(v.n, 1);
	assert_int_equal(*(uint64_t *)vec_at(&v, 0), 7);
	vec_fini(&v);
}

static void test_fini_makes_it_new(void **state)
{
	struct vec v = VEC_OF(int);
	int i = 1;

	(void)state;
	assert_int_equal(vec_push(&v, &i), 0);
	vec_fini(&v);
	assert_int_equal(v.n, 0);
	assert_null(v.data);
	assert_int_equal(vec_push(&v, &i), 0);
	assert_int_equal(v.n, 1);
	vec_fini(&v);
	vec_fini(&v);
}

/* LeakSanitizer reports a leak. */
static void test_fini_at_end_of_scope(void **state)
{
	_cleanup_(vec_fini) struct vec v = VEC_OF(int);
	int i = 1;

	(void)state;
	assert_int_equal(vec_push(&v, &i), 0);
	assert_int_equal(v.n, 1);
}

static int compare(const void *left, const void *right)
{
	return *(const int *)left - *(const int *)right;
}

static void test_sort(void **state)
{
	static const int values[] = { 3, 1, 2, 3, -1 };
	static const int sorted[] = { -1, 1, 2, 3, 3 };
	struct vec v = VEC_OF(int);
	size_t i;

	(void)state;
	vec_sort(&v, compare);
	assert_int_equal(v.n, 0);
	for (i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(vec_push(&v, &values[i]), 0);
	vec_sort(&v, compare);
	assert_memory_equal(v.data, sorted, sizeof(sorted));
	vec_fini(&v);
}

/* More bytes than are moved at a time, and of no power of two. */
struct large {
	uint32_t number;
	char filling[601];
};

static int compare_large(const void *left, const void *right)
{
	const struct large *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static void test_sort_from_the_end(void **state)
{
	struct large one;
	uint32_t n, i;

	(void)state;
	for (n = 0; n <= 5; n++) {
		struct vec v = VEC_OF(struct large);

		for (i = n; i; i--) {
			one.number = i;
			memset(one.filling, i, sizeof(one.filling));
			assert_int_equal(vec_push(&v, &one), 0);
		}
		vec_sort(&v, compare_large);
		for (i = 1; i <= n; i++) {
			one.number = i;
			memset(one.filling, i, sizeof(one.filling));
			assert_memory_equal(vec_at(&v, i - 1), &one,
					    sizeof(one));
		}
		vec_fini(&v);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows_and_keeps),
		cmocka_unit_test(test_elements_of_odd_size),
		cmocka_unit_test(test_reserve_adds_nothing),
		cmocka_unit_test(test_grows_from_any_room),
		cmocka_unit_test(test_no_memory_leaves_it_as_it_was),
		cmocka_unit_test(test_fini_makes_it_new),
		cmocka_unit_test(test_fini_at_end_of_scope),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_from_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
