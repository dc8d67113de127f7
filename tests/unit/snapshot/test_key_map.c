// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/key_map.h"
#include "tests/unit/unit.h"
#include "util/vec.h"

enum { MANY = 40000 };

static struct vec buffers_of(uint64_t step, size_t n)
{
	struct vec buffers = VEC_OF(struct buffer);
	struct buffer buffer;
	size_t i;

	for (i = 0; i < n; i++) {
		buffer = (struct buffer){ .key = i * step, .ino = i + 1 };
		assert_int_equal(vec_push(&buffers, &buffer), 0);
	}
	return buffers;
}

/* Counts the buffers that are passed on the way to each buffer. */
static size_t count_passed(const struct key_map *map, size_t n)
{
	size_t i, passed = 0;
	uint32_t place;

	for (i = 0; i < n; i++)
		for (place = map->next[i]; place; place = map->next[place - 1])
			passed++;
	return passed;
}

static void check_step(uint64_t step)
{
	struct vec buffers = buffers_of(step, MANY);
	const struct buffer *buffer = NULL;
	struct key_map map;

	assert_int_equal(key_map_init(&map, &buffers), 0);
	assert_false(map.doubles);
	/* With all keys in one bucket, 20,000 for each. */
	assert_true(count_passed(&map, MANY) < 1000 * MANY);
	while ((buffer = vec_next(&buffers, buffer)))
		assert_ptr_equal(key_map_find(&map, buffer->key), buffer);
	assert_null(key_map_find(&map, MANY * step));
	key_map_fini(&map);
	vec_fini(&buffers);
}

/* Keys that one multiplier makes 0, 1, 2, ...: the upper bits are equal. */
static void test_crafted_keys(void **state)
{
	const uint64_t known = 0x9e3779b97f4a7c15ULL;
	uint64_t inverse = known;
	int i;

	(void)state;
	/* Each step doubles the number of bits that are right. */
	for (i = 0; i < 6; i++)
		inverse *= 2 - known * inverse;
	assert_int_equal(inverse * known, 1);
	check_step(inverse);
}

/* Numbers, addresses, and keys that differ in their upper bits alone. */
static void test_usual_keys(void **state)
{
	(void)state;
	check_step(1);
	check_step(512);
	check_step(1ULL << 48);
}

static void test_no_two_maps_are_alike(void **state)
{
	struct vec buffers = buffers_of(1, 1);
	struct key_map a, b;

	(void)state;
	assert_int_equal(key_map_init(&a, &buffers), 0);
	assert_int_equal(key_map_init(&b, &buffers), 0);
	assert_int_equal(a.multiplier & b.multiplier & 1, 1);
	assert_true(a.multiplier != b.multiplier);
	key_map_fini(&a);
	key_map_fini(&b);
	vec_fini(&buffers);
}

static void test_doubles(void **state)
{
	struct vec buffers = buffers_of(0, 3);
	struct key_map map;

	(void)state;
	assert_int_equal(key_map_init(&map, &buffers), 0);
	assert_true(map.doubles);
	assert_ptr_equal(key_map_find(&map, 0), buffers.data);
	key_map_fini(&map);
	vec_fini(&buffers);
}

static void test_empty(void **state)
{
	struct vec buffers = buffers_of(0, 0);
	struct key_map map;

	(void)state;
	assert_int_equal(key_map_init(&map, &buffers), 0);
	assert_null(key_map_find(&map, 0));
	key_map_fini(&map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crafted_keys),
		cmocka_unit_test(test_usual_keys),
		cmocka_unit_test(test_no_two_maps_are_alike),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
