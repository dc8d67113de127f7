// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "snapshot/gaps.h"
#include "tests/unit/snapshot/refs.h"

static struct dmabuf_rec_process process_of(uint32_t pid)
{
	return (struct dmabuf_rec_process){
		.head = { DMABUF_REC_PROCESS,
			  sizeof(struct dmabuf_rec_process) },
		.pid = pid,
	};
}

/* Adds a record of each kind that a collector adds. */
static void add_all(struct dmabuf_snapshot *snapshot, uint32_t number)
{
	struct dmabuf_rec_attachment attachment =
		unit_attachment(0xffff0000 + number, 0, 0);
	struct dmabuf_rec_process process = process_of(number);

	add_buffer(snapshot, number, 4096, 1);
	add_ref(snapshot, ref_of(number, number, DMABUF_REC_REF_FD, 1, 5));
	assert_true(snapshot_add(snapshot, &attachment, sizeof(attachment)) >
		    0);
	assert_true(snapshot_add(snapshot, &process, sizeof(process)) > 0);
	assert_int_equal(snapshot_add_gap(snapshot, "things", number, "why"),
			 0);
}

static void check_n(const struct dmabuf_snapshot *snapshot, size_t n)
{
	assert_int_equal(snapshot->buffers.n, n);
	assert_int_equal(snapshot->attachments.n, n);
	assert_int_equal(snapshot->gaps.n, n);
	assert_int_equal(snapshot->refs.n, n);
	assert_int_equal(snapshot->processes.n, n);
}

static void test_rewind(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct snapshot_mark mark;

	(void)state;
	add_all(snapshot, 1);
	mark = snapshot_mark(snapshot);
	add_all(snapshot, 2);
	add_all(snapshot, 3);
	check_n(snapshot, 3);
	snapshot_rewind(snapshot, &mark);
	check_n(snapshot, 1);
	snapshot_rewind(snapshot, &mark);
	check_n(snapshot, 1);
	join(snapshot);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	assert_non_null(dmabuf_snapshot_find_process(snapshot, 1));
	assert_null(dmabuf_snapshot_find_process(snapshot, 2));
	dmabuf_snapshot_free(snapshot);
}

/* That there is no next one is known or, with @err, is not. */
static void check_none(const struct dmabuf_snapshot *snapshot, int err)
{
	const struct dmabuf_buffer *buffer =
		dmabuf_snapshot_next(snapshot, NULL);

	errno = 0;
	assert_null(dmabuf_buffer_next_holder(snapshot, buffer, NULL));
	assert_int_equal(errno, err);
	errno = 0;
	assert_null(dmabuf_buffer_next_ref(snapshot, buffer, NULL));
	assert_int_equal(errno, err);
	errno = 0;
	assert_null(dmabuf_snapshot_next_process(snapshot, NULL));
	assert_int_equal(errno, err);
	errno = 0;
	assert_null(dmabuf_snapshot_find_process(snapshot, 10));
	assert_int_equal(errno, err);
}

/* When nobody looked for holders, nobody knows that there are none. */
static void test_no_holders(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	bool only;

	(void)state;
	add_buffer(snapshot, 7, 4096, 1);
	join(snapshot);
	check_none(snapshot, 0);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, buffer, &only), 0);
	assert_true(only);
	dmabuf_snapshot_free(snapshot);

	snapshot = snapshot_new();
	add_buffer(snapshot, 7, 4096, 1);
	check_none(snapshot, ENODATA);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, buffer, &only),
			 -ENODATA);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rewind),
		cmocka_unit_test(test_no_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
