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
	((struct dmabuf_rec_buffer *)snapshot->buffers.data)->attachments = 2;
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
	struct dmabuf_rec_buffer *buffer;
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

static void test_size(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_sums sums = { .size = sizeof(sums.size) };

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	join(snapshot);
	assert_int_equal(dmabuf_buffer_sum(snapshot,
					   dmabuf_snapshot_next(snapshot, NULL),
					   &sums),
			 -EINVAL);
	assert_int_equal(sums.buffers, 0);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_unknown_is_not_zero),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
