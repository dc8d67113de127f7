// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/released.h"
#include "tests/unit/unit.h"
#include "util/cleanup.h"

static void add(struct dmabuf_snapshot *snapshot, uint32_t type, uint64_t key,
		uint64_t bytes, uint32_t pid)
{
	const struct dmabuf_rec_ref ref = {
		.head = { DMABUF_REC_REF, sizeof(ref) },
		.key = key,
		.type = type,
		.bytes = bytes,
		.pid = pid,
		.comm = "cam",
	};

	assert_int_equal(vec_push(&snapshot->refs, &ref), 0);
}

/* A buffer counts once, and other references stay in their order. */
static void test_buffers_are_counted_once(void **state)
{
	_cleanup_(vec_fini) struct vec released = VEC_OF(struct dmabuf_rec_ref);
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_gap *gap;

	(void)state;
	add(snapshot, DMABUF_REC_REF_FD, 1, 0, 7);
	add(snapshot, DMABUF_REC_REF_PATH, 5, 4096, 9);
	add(snapshot, DMABUF_REC_REF_PATH, 4, 8192, 8);
	add(snapshot, DMABUF_REC_REF_MAP, 2, 0, 7);
	add(snapshot, DMABUF_REC_REF_PATH, 5, 4096, 8);
	assert_int_equal(
		snapshot_take_refs(snapshot, DMABUF_REC_REF_PATH, &released),
		0);
	assert_int_equal(snapshot_add_released(snapshot, &released), 0);
	assert_int_equal(snapshot->refs.n, 2);
	assert_int_equal(
		((struct dmabuf_rec_ref *)vec_at(&snapshot->refs, 0))->key, 1);
	assert_int_equal(
		((struct dmabuf_rec_ref *)vec_at(&snapshot->refs, 1))->key, 2);
	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_non_null(gap);
	assert_string_equal(dmabuf_gap_what(gap), "released buffers");
	assert_int_equal(dmabuf_gap_count(gap), 2);
	assert_non_null(strstr(dmabuf_gap_why(gap), " 12288 bytes "));
	assert_non_null(strstr(dmabuf_gap_why(gap), " cam:8"));
	dmabuf_snapshot_free(snapshot);
}

static void test_none(void **state)
{
	struct vec released = VEC_OF(struct dmabuf_rec_ref);
	struct dmabuf_snapshot *snapshot = snapshot_new();

	(void)state;
	assert_int_equal(snapshot_add_released(snapshot, &released), 0);
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffers_are_counted_once),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
