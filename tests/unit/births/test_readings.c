// SPDX-License-Identifier: GPL-2.0-or-later
#include "abi/records.h"
#include "births/readings.h"
#include "tests/unit/unit.h"
#include "util/array.h"
#include "util/cleanup.h"

static void say(struct vec *births, uint64_t ino, const char *comm)
{
	struct dmabuf_rec_birth birth = {
		.head = { DMABUF_REC_BIRTH, sizeof(birth) },
		.ino = ino,
	};

	strcpy(birth.comm, comm);
	assert_int_equal(vec_push(births, &birth), 0);
}

/* Inode numbers of 32 bits may come again. */
static void test_repeats(void **state)
{
	static const uint64_t inos[] = { 1, 2, 2, 3 };
	_cleanup_(vec_fini) struct vec births = VEC_OF(struct dmabuf_rec_birth);
	const struct dmabuf_rec_birth *birth;
	size_t i;

	(void)state;
	readings_sort(&births);
	assert_int_equal(births.n, 0);
	say(&births, 3, "c");
	say(&births, 2, "b");
	say(&births, 1, "a");
	say(&births, 2, "again");
	say(&births, 3, "c");
	say(&births, 3, "c");
	readings_sort(&births);
	assert_int_equal(births.n, ARRAY_SIZE(inos));
	for (i = 0; i < births.n; i++) {
		birth = vec_at(&births, i);
		assert_int_equal(birth->ino, inos[i]);
	}
}

static void test_agree(void **state)
{
	_cleanup_(vec_fini) struct vec a = VEC_OF(struct dmabuf_rec_birth),
				       b = VEC_OF(struct dmabuf_rec_birth);

	(void)state;
	assert_true(readings_agree(&a, &b));
	say(&a, 1, "a");
	assert_false(readings_agree(&a, &b));
	say(&b, 1, "b");
	assert_false(readings_agree(&a, &b));
	b.n = 0;
	say(&b, 1, "a");
	assert_true(readings_agree(&a, &b));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
