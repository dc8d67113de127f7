// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/snapshot/refs.h"

static struct dmabuf_sums sum(const struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_sums sums = { .size = sizeof(sums) };
	const struct dmabuf_buffer *buffer = NULL;

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		assert_int_equal(dmabuf_buffer_sum(snapshot, buffer, &sums), 0);
	return sums;
}

static void test_sums(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_sums sums;

	(void)state;
	/* Of two processes, of one, of none, of which one is unexplained. */
	add_buffer(snapshot, 1, 4096, 2);
	add_buffer(snapshot, 2, 8192, 1);
	add_buffer(snapshot, 3, 500, 1);
	add_ref(snapshot, ref_of(1, 10, DMABUF_REC_REF_FD, 1, 3));
	add_ref(snapshot, ref_of(1, 11, DMABUF_REC_REF_FD, 2, 3));
	add_ref(snapshot, ref_of(2, 11, DMABUF_REC_REF_FD, 2, 4));
	join(snapshot);
	((struct buffer *)snapshot->buffers.data)->attachments = 2;
	sums = sum(snapshot);
	assert_int_equal(sums.buffers, 3);
	assert_int_equal(sums.bytes, 12788);
	assert_int_equal(sums.largest, 8192);
	assert_int_equal(sums.attached, 1);
	assert_int_equal(sums.kernel_only, 500);
	assert_int_equal(sums.rss, 2 * 4096 + 8192);
	assert_int_equal(sums.pss, 4096 + 8192);
	assert_int_equal(sums.unexplained, 1);
	assert_int_equal(sums.judged, 3);
	assert_false(sums.lacks_bytes || sums.lacks_attached ||
		     sums.lacks_kernel_only || sums.lacks_rss ||
		     sums.lacks_pss || sums.lacks_unexplained);
	dmabuf_snapshot_free(snapshot);
}

/* One buffer, whose record has only these values. */
static struct dmabuf_sums sum_of(uint32_t covers, uint32_t have, bool is_held)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(covers);
	struct buffer *buffer;
	struct dmabuf_sums sums;

	add_buffer(snapshot, 1, 4096, 3);
	if (is_held)
		add_ref(snapshot, ref_of(1, 10, DMABUF_REC_REF_FD, 1, 3));
	join(snapshot);
	buffer = snapshot->buffers.data;
	buffer->have = have | DMABUF_HAVE_LEDGER;
	sums = sum(snapshot);
	dmabuf_snapshot_free(snapshot);
	return sums;
}

static void test_unknown_is_not_zero(void **state)
{
	struct dmabuf_sums sums;

	(void)state;
	sums = sum_of(COVERS, HAVE_ALL & ~DMABUF_HAVE_SIZE, true);
	assert_true(sums.lacks_bytes && sums.lacks_rss && sums.lacks_pss);
	assert_false(sums.lacks_kernel_only);
	assert_int_equal(sums.bytes, 0);

	sums = sum_of(COVERS, HAVE_ALL & ~DMABUF_HAVE_SIZE, false);
	assert_true(sums.lacks_bytes && sums.lacks_kernel_only);
	assert_false(sums.lacks_rss || sums.lacks_pss);

	sums = sum_of(COVERS, HAVE_ALL & ~DMABUF_HAVE_ATTACHMENTS, true);
	assert_true(sums.lacks_attached);
	assert_false(sums.lacks_bytes);

	/* Others may hold it too: then references may be theirs. */
	sums = sum_of(0, HAVE_ALL, true);
	assert_true(sums.lacks_rss && sums.lacks_unexplained);
	assert_false(sums.lacks_pss || sums.lacks_kernel_only);
	assert_int_equal(sums.rss, 0);
	assert_int_equal(sums.pss, 4096);
	assert_int_equal(sums.judged, 0);

	sums = sum_of(0, HAVE_ALL, false);
	assert_true(sums.lacks_rss && sums.lacks_pss && sums.lacks_kernel_only);
	assert_int_equal(sums.kernel_only, 0);
}

static int add_first(const struct dmabuf_snapshot *snapshot,
		     struct dmabuf_sums *sums)
{
	return dmabuf_buffer_sum(snapshot, dmabuf_snapshot_next(snapshot, NULL),
				 sums);
}

/* A struct of an older caller, and one of a newer caller. */
static void test_size(void **state)
{
	const size_t old = offsetof(struct dmabuf_sums, attached);
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct {
		struct dmabuf_sums sums;
		uint64_t more;
	} of = {};

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	join(snapshot);
	assert_int_equal(add_first(snapshot, &of.sums), -EINVAL);
	assert_int_equal(of.sums.buffers, 0);

	of.sums.size = old;
	of.sums.attached = 77;
	assert_int_equal(add_first(snapshot, &of.sums), 0);
	assert_int_equal(add_first(snapshot, &of.sums), 0);
	assert_int_equal(of.sums.size, old);
	assert_int_equal(of.sums.buffers, 2);
	assert_int_equal(of.sums.bytes, 8192);
	assert_int_equal(of.sums.attached, 77);

	of.sums = (struct dmabuf_sums){ .size = sizeof(of) };
	assert_int_equal(add_first(snapshot, &of.sums), 0);
	assert_int_equal(of.sums.bytes, 4096);
	assert_int_equal(of.more, 0);
	of.more = 1;
	assert_int_equal(add_first(snapshot, &of.sums), -EINVAL);
	assert_int_equal(of.sums.bytes, 4096);
	dmabuf_snapshot_free(snapshot);
}

/* The sum of sums is that of all buffers. */
static void test_add(void **state)
{
	const size_t old = offsetof(struct dmabuf_sums, attached);
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_sums all, twice = { .size = sizeof(twice) },
				short_one = { .size = old, .attached = 77 };

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	add_buffer(snapshot, 2, UINT64_MAX, 3);
	join(snapshot);
	all = sum(snapshot);
	assert_int_equal(dmabuf_sums_add(&twice, &all), 0);
	assert_memory_equal(&twice, &all, sizeof(all));
	assert_int_equal(dmabuf_sums_add(&twice, &all), 0);
	assert_int_equal(twice.buffers, 4);
	assert_true(twice.bytes == UINT64_MAX);
	assert_true(twice.largest == UINT64_MAX);
	assert_int_equal(twice.unexplained, 2 * all.unexplained);
	assert_int_equal(twice.judged, 4);

	assert_int_equal(dmabuf_sums_add(&short_one, &all), 0);
	assert_int_equal(short_one.buffers, 2);
	assert_int_equal(short_one.attached, 77);
	assert_int_equal(dmabuf_sums_add(&twice, &(struct dmabuf_sums){}),
			 -EINVAL);
	assert_int_equal(twice.buffers, 4);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_unknown_is_not_zero),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
