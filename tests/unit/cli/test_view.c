// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/view.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/record_add.h"
#include "tests/unit/unit.h"

static void add(struct dmabuf_snapshot *snapshot, uint64_t key, uint64_t bytes,
		uint32_t have)
{
	struct dmabuf_rec_buffer rec = unit_buffer(key, key);

	rec.bytes = bytes;
	rec.have = have;
	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

static void ref(struct dmabuf_snapshot *snapshot, uint64_t key, uint32_t pid)
{
	const struct dmabuf_rec_ref rec = {
		.head = { DMABUF_REC_REF, sizeof(rec) },
		.key = key,
		.ino = key,
		.type = DMABUF_REC_REF_FD,
		.refs = 1,
		.pid = pid,
		.tid = pid,
	};

	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

/* What view_take() makes of a snapshot without options. */
static void see_all(struct view *view)
{
	const struct dmabuf_buffer *buffer = NULL;

	view->buffers.n = 0;
	while ((buffer = dmabuf_snapshot_next(view->snapshot, buffer)))
		assert_int_equal(vec_push(&view->buffers, &buffer), 0);
}

static void expect(const struct envelope *envelope, enum total_id id,
		   uint64_t number)
{
	assert_true(envelope->totals[id].known);
	assert_true(envelope->totals[id].number == number);
}

static void test_totals(void **state)
{
	struct view view = VIEW_NONE;
	struct envelope envelope = {};

	(void)state;
	view.snapshot = snapshot_new();
	strcpy(view.snapshot->kernel, "6.1");
	strcpy(view.snapshot->collector, "pinned");
	add(view.snapshot, 1, 4096, HAVE_ALL);
	add(view.snapshot, 2, 8192, HAVE_ALL);
	add(view.snapshot, 3, 77, HAVE_ALL & ~DMABUF_HAVE_SIZE);
	see_all(&view);
	view_envelope(&view, &envelope);
	assert_ptr_equal(envelope.snapshot, view.snapshot);
	assert_string_equal(envelope.kernel, "6.1");
	assert_string_equal(envelope.collector, "pinned");
	assert_null(envelope.holders);
	expect(&envelope, TOTAL_BUFFERS, 3);
	/* One size is not known. */
	assert_false(envelope.totals[TOTAL_BYTES].known);
	/* Nobody looked for holders. */
	assert_false(envelope.totals[TOTAL_KERNEL_ONLY].known);
	assert_false(envelope.totals[TOTAL_UNEXPLAINED].known);
	assert_false(envelope.totals[TOTAL_USERSPACE_PSS].known);

	view_fini(&view);
}

static void test_total_beyond_the_largest_number(void **state)
{
	struct view view = VIEW_NONE;
	struct envelope envelope = {};

	(void)state;
	view.snapshot = snapshot_new();
	add(view.snapshot, 1, 4096, HAVE_ALL);
	add(view.snapshot, 4, UINT64_MAX, HAVE_ALL);
	see_all(&view);
	view_envelope(&view, &envelope);
	expect(&envelope, TOTAL_BYTES, UINT64_MAX);
	view_fini(&view);
}

static void test_totals_of_holders(void **state)
{
	struct view view = VIEW_NONE;
	struct envelope envelope = {};
	struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.covers = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
			  DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) |
			  DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
			  DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER),
		.collector = "test",
	};

	(void)state;
	view.snapshot = snapshot_new();
	assert_true(snapshot_add(view.snapshot, &source, sizeof(source)) > 0);
	add(view.snapshot, 1, 4096, HAVE_ALL | DMABUF_HAVE_LEDGER);
	add(view.snapshot, 2, 8192, HAVE_ALL | DMABUF_HAVE_LEDGER);
	add(view.snapshot, 3, 1000, HAVE_ALL | DMABUF_HAVE_LEDGER);
	add(view.snapshot, 4, 500, HAVE_ALL);
	ref(view.snapshot, 1, 10);
	ref(view.snapshot, 2, 10);
	ref(view.snapshot, 2, 11);
	assert_int_equal(snapshot_join_refs(view.snapshot), 0);
	see_all(&view);
	view_envelope(&view, &envelope);
	assert_string_equal(envelope.holders, "test");
	expect(&envelope, TOTAL_BYTES, 13788);
	expect(&envelope, TOTAL_KERNEL_ONLY, 1500);
	expect(&envelope, TOTAL_USERSPACE_PSS, 12288);
	expect(&envelope, TOTAL_USERSPACE_RSS, 4096 + 2 * 8192);
	/* Of the third; those of the second and the fourth changed. */
	expect(&envelope, TOTAL_UNEXPLAINED, 1);

	/* A buffer that is missing may be one that no process holds. */
	assert_int_equal(snapshot_add_gap(view.snapshot, "buffers", 0, "cut"),
			 0);
	view_envelope(&view, &envelope);
	expect(&envelope, TOTAL_USERSPACE_PSS, 12288);
	assert_false(envelope.totals[TOTAL_KERNEL_ONLY].known);
	assert_false(envelope.totals[TOTAL_UNEXPLAINED].known);
	assert_true(envelope.totals[TOTAL_BUFFERS].is_least);
	assert_true(envelope.totals[TOTAL_BYTES].is_least);
	view.snapshot->gaps.n = 0;

	/* Not all processes could be searched. */
	view.snapshot->source.covers = 0;
	view_envelope(&view, &envelope);
	assert_false(envelope.totals[TOTAL_KERNEL_ONLY].known);
	assert_false(envelope.totals[TOTAL_USERSPACE_RSS].known);
	assert_false(envelope.totals[TOTAL_USERSPACE_PSS].known);
	/* All references to the first buffer are explained, to others not. */
	assert_false(envelope.totals[TOTAL_UNEXPLAINED].known);
	view_fini(&view);
}

/* What is not known matters only to totals that it is part of. */
static void test_totals_of_unknown_holders(void **state)
{
	struct view view = VIEW_NONE;
	struct envelope envelope = {};
	struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.collector = "test",
	};

	(void)state;
	view.snapshot = snapshot_new();
	assert_true(snapshot_add(view.snapshot, &source, sizeof(source)) > 0);
	/* A process holds it, and perhaps others. */
	add(view.snapshot, 2, 8192, HAVE_ALL & ~DMABUF_HAVE_REFS);
	ref(view.snapshot, 2, 10);
	assert_int_equal(snapshot_join_refs(view.snapshot), 0);
	see_all(&view);
	view_envelope(&view, &envelope);
	expect(&envelope, TOTAL_KERNEL_ONLY, 0);
	expect(&envelope, TOTAL_USERSPACE_PSS, 8192);
	assert_false(envelope.totals[TOTAL_USERSPACE_RSS].known);
	assert_false(envelope.totals[TOTAL_UNEXPLAINED].known);
	assert_false(envelope.lacks_rows);
	assert_true(view_lacks_holders(&view));
	view_fini(&view);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_total_beyond_the_largest_number),
		cmocka_unit_test(test_totals_of_holders),
		cmocka_unit_test(test_totals_of_unknown_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
