// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/snapshot/refs.h"

static struct dmabuf_usage usage_of(const struct dmabuf_snapshot *snapshot,
				    uint32_t pid)
{
	struct dmabuf_usage usage = { .size = sizeof(usage) };
	const struct dmabuf_process *process =
		dmabuf_snapshot_find_process(snapshot, pid);

	assert_non_null(process);
	assert_int_equal(dmabuf_process_usage(process, &usage), 0);
	return usage;
}

static void test_shares(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	uint64_t n;

	(void)state;
	add_buffer(snapshot, 7, 4096, 5);
	add_ref(snapshot, ref_of(7, 30, DMABUF_REC_REF_FD, 3, 5));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_MAP, 11, 0x1000));
	add_ref(snapshot, ref_of(7, 20, DMABUF_REC_REF_MAP, 12, 0x1000));
	join(snapshot);

	/* 4096 is 3 * 1365 and one left over, for the first. */
	assert_int_equal(usage_of(snapshot, 10).pss, 1366);
	assert_int_equal(usage_of(snapshot, 20).pss, 1365);
	assert_int_equal(usage_of(snapshot, 30).pss, 1365);
	assert_int_equal(usage_of(snapshot, 10).rss, 4096);
	assert_int_equal(usage_of(snapshot, 10).fds, 1);
	assert_int_equal(usage_of(snapshot, 10).maps, 1);
	assert_int_equal(usage_of(snapshot, 10).buffers, 1);

	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_processes(snapshot, buffer, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(dmabuf_buffer_explained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 1);
	dmabuf_snapshot_free(snapshot);
}

/* What is not known of one buffer is not known of the sum. */
static void test_unknown_size(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer unsized = unit_buffer(0xffff0000 + 8, 8);
	const struct dmabuf_holder *holder;
	uint64_t pss = 1;

	(void)state;
	unsized.have = DMABUF_HAVE_INO | DMABUF_HAVE_ADDRESS;
	add_buffer(snapshot, 7, 4096, 2);
	assert_true(snapshot_add(snapshot, &unsized, sizeof(unsized)) > 0);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_MAP, 2, 0x1000));
	add_ref(snapshot, ref_of(7, 20, DMABUF_REC_REF_FD, 3, 5));
	join(snapshot);

	assert_true(usage_of(snapshot, 10).lacks_sizes);
	assert_int_equal(usage_of(snapshot, 10).buffers, 2);
	assert_int_equal(usage_of(snapshot, 10).rss, 4096);
	assert_int_equal(usage_of(snapshot, 10).pss, 2048);
	assert_false(usage_of(snapshot, 20).lacks_sizes);
	holder = dmabuf_buffer_next_holder(
		snapshot, dmabuf_snapshot_next(snapshot, NULL), NULL);
	assert_int_equal(dmabuf_holder_pss(holder, &pss), 0);
	assert_int_equal(pss, 2048);
	holder = (const void *)vec_at(&snapshot->holders, 2);
	assert_int_equal(dmabuf_holder_pss(holder, &pss), -ENODATA);
	assert_int_equal(pss, 2048);
	dmabuf_snapshot_free(snapshot);
}

/* A process keeps what is in its message, unless it holds it as well. */
static void test_kept(void **state)
{
	const uint32_t others = DMABUF_REC_COVERS(DMABUF_REC_REF_MESSAGE) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_ITERATOR) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_WAITER);
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS | others);
	struct dmabuf_rec_buffer unsized = unit_buffer(0xffff0000 + 9, 9);

	(void)state;
	unsized.have = DMABUF_HAVE_INO | DMABUF_HAVE_ADDRESS;
	add_buffer(snapshot, 7, 4096, 2);
	add_buffer(snapshot, 8, 8192, 2);
	assert_true(snapshot_add(snapshot, &unsized, sizeof(unsized)) > 0);
	/* Two slots of one buffer, and a message with one that it holds. */
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_IO_URING, 1, 0));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_IO_URING, 1, 1));
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_MESSAGE, 2, 0));
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_FD, 3, 0));
	/* One that it keeps and another process holds, and an unknown one. */
	add_ref(snapshot, ref_of(8, 20, DMABUF_REC_REF_V4L2, 4, 0));
	add_ref(snapshot, ref_of(9, 20, DMABUF_REC_REF_V4L2, 4, 1));
	join(snapshot);

	assert_int_equal(usage_of(snapshot, 10).kept_buffers, 1);
	assert_int_equal(usage_of(snapshot, 10).kept, 4096);
	assert_false(usage_of(snapshot, 10).lacks_kept);
	assert_int_equal(usage_of(snapshot, 10).rss, 8192);
	assert_int_equal(usage_of(snapshot, 20).kept_buffers, 2);
	assert_int_equal(usage_of(snapshot, 20).kept, 8192);
	assert_true(usage_of(snapshot, 20).lacks_kept);
	assert_int_equal(usage_of(snapshot, 20).buffers, 0);
	dmabuf_snapshot_free(snapshot);

	/* One kind was not searched for. */
	snapshot = new_snapshot(
		COVERS | (others & ~DMABUF_REC_COVERS(DMABUF_REC_REF_WAITER)));
	add_buffer(snapshot, 7, 4096, 1);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 0));
	join(snapshot);
	assert_true(usage_of(snapshot, 10).lacks_kept);
	dmabuf_snapshot_free(snapshot);
}

/* One table, two processes: both hold, the kernel counts one reference. */
static void test_shared_table(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	uint64_t n;

	(void)state;
	add_buffer(snapshot, 7, 8192, 1);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	add_ref(snapshot, ref_of(7, 20, DMABUF_REC_REF_FD, 1, 5));
	join(snapshot);

	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_processes(snapshot, buffer, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(usage_of(snapshot, 20).pss, 4096);
	dmabuf_snapshot_free(snapshot);
}

/* A thread with a table of its own is its process; the same one seen twice. */
static void test_threads(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_ref own = ref_of(7, 10, DMABUF_REC_REF_FD, 2, 5);
	uint64_t n;

	(void)state;
	own.tid = 11;
	add_buffer(snapshot, 7, 4096, 2);
	add_ref(snapshot, own);
	add_ref(snapshot, own);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	join(snapshot);

	assert_int_equal(usage_of(snapshot, 10).fds, 2);
	assert_int_equal(
		dmabuf_buffer_unexplained(
			snapshot, dmabuf_snapshot_next(snapshot, NULL), &n),
		0);
	assert_int_equal(n, 0);
	dmabuf_snapshot_free(snapshot);
}

static void test_kernel_only(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	bool only = false;
	uint64_t n;

	(void)state;
	add_buffer(snapshot, 7, 4096, 1);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_MESSAGE, 9, 0));
	join(snapshot);

	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, buffer, &only), 0);
	assert_true(only);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(usage_of(snapshot, 10).rss, 0);
	dmabuf_snapshot_free(snapshot);
}

/*
 * Where not all processes were searched for all that holds a buffer, none found
 * does not mean none.
 */
static void check_no_verdict(uint32_t covers)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(covers);
	const struct dmabuf_buffer *buffer;
	uint64_t n = UNTOUCHED;
	bool only;

	add_buffer(snapshot, 7, 4096, 1);
	add_buffer(snapshot, 8, 4096, 1);
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_FD, 1, 3));
	join(snapshot);

	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, buffer, &only),
			 -ENODATA);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n),
			 -ENODATA);
	assert_int_equal(n, UNTOUCHED);
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, buffer, &only), 0);
	assert_false(only);
	dmabuf_snapshot_free(snapshot);
}

static void test_no_verdict(void **state)
{
	static const uint32_t holding[] = {
		DMABUF_REC_REF_FD,
		DMABUF_REC_REF_MAP,
		DMABUF_REC_REF_GEM_HANDLE,
		DMABUF_REC_REF_FRAMEBUFFER,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(holding); i++)
		check_no_verdict(COVERS & ~DMABUF_REC_COVERS(holding[i]));
}

/* Two buffers have the number that the reference names. */
static void test_no_verdict_of_one_of_two(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer buffer = unit_buffer(1, 7);
	struct dmabuf_rec_ref ref = ref_of(7, 10, DMABUF_REC_REF_FD, 0, 3);
	const struct dmabuf_buffer *second;
	bool only;

	(void)state;
	ref.key = 0;
	buffer.refs = 2;
	assert_true(snapshot_add(snapshot, &buffer, sizeof(buffer)) > 0);
	buffer.key = 2;
	assert_true(snapshot_add(snapshot, &buffer, sizeof(buffer)) > 0);
	add_ref(snapshot, ref);
	join(snapshot);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 2);
	second = dmabuf_snapshot_next(snapshot,
				      dmabuf_snapshot_next(snapshot, NULL));
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, second, &only),
			 -ENODATA);
	dmabuf_snapshot_free(snapshot);
}

/* More names than references: they are of two moments. */
static void test_more_explained_than_counted(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	uint64_t n = UNTOUCHED;

	(void)state;
	add_buffer(snapshot, 7, 4096, 1);
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 3));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 4));
	join(snapshot);
	assert_int_equal(
		dmabuf_buffer_unexplained(
			snapshot, dmabuf_snapshot_next(snapshot, NULL), &n),
		-ENODATA);
	assert_int_equal(n, UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
}

/* The buffer that was there has gone; another one has its address. */
static void test_reused_address(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_ref old = ref_of(7, 10, DMABUF_REC_REF_FD, 1, 3);

	(void)state;
	add_buffer(snapshot, 8, 4096, 1);
	old.key = 0xffff0000 + 8;
	add_ref(snapshot, old);
	join(snapshot);
	assert_null(dmabuf_snapshot_next_process(snapshot, NULL));
	dmabuf_snapshot_free(snapshot);
}

/* Of collectors that know no addresses. */
static void test_join_by_ino(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer buffer = unit_buffer(1, 7);
	struct dmabuf_rec_ref ref = ref_of(7, 10, DMABUF_REC_REF_FD, 0, 3);

	(void)state;
	ref.key = 0;
	assert_true(snapshot_add(snapshot, &buffer, sizeof(buffer)) > 0);
	add_ref(snapshot, ref);
	join(snapshot);
	assert_int_equal(usage_of(snapshot, 10).rss, 4096);
	dmabuf_snapshot_free(snapshot);
}

/* Buffers, processes and holds at random; what must be true of all. */
static void check_random(unsigned int seed)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer = NULL;
	const struct dmabuf_process *process = NULL;
	uint64_t total = 0, only = 0, pss = 0, size;
	unsigned int n, i;
	bool is_only;

	srandom(seed);
	n = random() % 40;
	for (i = 1; i <= n; i++)
		add_buffer(snapshot, i, random() % 100000, 1 + random() % 9);
	for (i = random() % 200; i; i--)
		add_ref(snapshot,
			ref_of(1 + random() % 45, 100 + random() % 9,
			       1 + random() % 8, random() % 4, random() % 3));
	join(snapshot);

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		assert_int_equal(dmabuf_buffer_size(buffer, &size), 0);
		assert_int_equal(
			dmabuf_buffer_kernel_only(snapshot, buffer, &is_only),
			0);
		total += size;
		only += is_only ? size : 0;
	}
	while ((process = dmabuf_snapshot_next_process(snapshot, process))) {
		struct dmabuf_usage usage = { .size = sizeof(usage) };

		assert_int_equal(dmabuf_process_usage(process, &usage), 0);
		assert_true(usage.rss >= usage.pss);
		assert_true(usage.fds + usage.maps + usage.handles >=
			    usage.buffers);
		pss += usage.pss;
	}
	assert_int_equal(total, pss + only);
	dmabuf_snapshot_free(snapshot);
}

static void test_random(void **state)
{
	unsigned int seed;

	(void)state;
	for (seed = 1; seed <= 500; seed++)
		check_random(seed);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_unknown_size),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_shared_table),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_kernel_only),
		cmocka_unit_test(test_no_verdict),
		cmocka_unit_test(test_no_verdict_of_one_of_two),
		cmocka_unit_test(test_more_explained_than_counted),
		cmocka_unit_test(test_reused_address),
		cmocka_unit_test(test_join_by_ino),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
