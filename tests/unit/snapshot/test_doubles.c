// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that one process has more than once, and those that it shares. */
#include "snapshot/doubles.h"
#include "tests/unit/snapshot/refs.h"
#include "util/cleanup.h"

static void add(struct vec *refs, uint64_t key, uint32_t pid, uint32_t type,
		uint64_t place)
{
	struct dmabuf_rec_ref ref = ref_of(key, pid, type, 1, place);

	assert_int_equal(vec_push(refs, &ref), 0);
}

static void check(const struct vec *refs, size_t i, uint32_t pid,
		  uint64_t place)
{
	const struct dmabuf_rec_ref *ref = vec_at(refs, i);

	assert_in_range(i, 0, refs->n - 1);
	assert_int_equal(ref->pid, pid);
	assert_int_equal(ref->place, place);
}

/* The first descriptor of each file stays, in each process. */
static void test_by_process(void **state)
{
	_cleanup_(doubles_fini) struct doubles doubles = {};
	_cleanup_(vec_fini) struct vec refs = VEC_OF(struct dmabuf_rec_ref);
	uint32_t pid;

	(void)state;
	for (pid = 1; pid <= 2; pid++) {
		add(&refs, 7, pid, DMABUF_REC_REF_FILE, 3);
		add(&refs, 8, pid, DMABUF_REC_REF_FILE, 4);
		add(&refs, 7, pid, DMABUF_REC_REF_FILE, 5);
	}
	assert_int_equal(doubles_drop(&doubles, &refs), 0);
	assert_int_equal(refs.n, 4);
	for (pid = 1; pid <= 2; pid++) {
		check(&refs, pid * 2 - 2, pid, 3);
		check(&refs, pid * 2 - 1, pid, 4);
	}
}

/* Each descriptor of a buffer is a reference of its own. */
static void test_buffers(void **state)
{
	_cleanup_(doubles_fini) struct doubles doubles = {};
	_cleanup_(vec_fini) struct vec refs = VEC_OF(struct dmabuf_rec_ref);

	(void)state;
	add(&refs, 7, 1, DMABUF_REC_REF_FD, 3);
	add(&refs, 7, 1, DMABUF_REC_REF_FD, 4);
	add(&refs, 9, 1, DMABUF_REC_REF_PATH, 6);
	add(&refs, 9, 1, DMABUF_REC_REF_PATH, 7);
	assert_int_equal(doubles_drop(&doubles, &refs), 0);
	assert_int_equal(refs.n, 4);
}

/* What is known from one part of a file counts in the next one. */
static void test_parts(void **state)
{
	_cleanup_(vec_fini) struct vec refs = VEC_OF(struct dmabuf_rec_ref);
	_cleanup_(doubles_fini) struct doubles doubles = { .at = 1 };
	uint64_t place;

	(void)state;
	/* Of another file: this record is not looked at. */
	add(&refs, 7, 1, DMABUF_REC_REF_FILE, 99);
	for (place = 0; place < 1000; place++) {
		add(&refs, 7, 1, DMABUF_REC_REF_FILE, place);
		assert_int_equal(doubles_drop(&doubles, &refs), 0);
	}
	assert_int_equal(refs.n, 2);
	check(&refs, 0, 1, 99);
	check(&refs, 1, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_process),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
