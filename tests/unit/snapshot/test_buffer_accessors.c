// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/gaps.h"
#include "tests/unit/snapshot/records.h"

static void test_empty(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();

	(void)state;
	snapshot_join_buffers(snapshot);
	assert_int_equal(snapshot_find_gaps(snapshot, ~0U), 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 0);
	assert_null(dmabuf_snapshot_next(snapshot, NULL));
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	assert_string_equal(dmabuf_snapshot_kernel(snapshot), "");
	assert_string_equal(dmabuf_snapshot_collector(snapshot), "");
	assert_int_equal(dmabuf_snapshot_time_ns(snapshot), 0);
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(NULL);
}

static void check_number(int (*get)(const struct dmabuf_buffer *, uint64_t *),
			 uint32_t bit, uint64_t wanted)
{
	struct buffer rec = {
		.key = 0xffff888012345678,
		.ino = 11,
		.bytes = UINT64_MAX,
		.refs = 33,
		.attachments = UINT32_MAX,
	};
	uint64_t value = UNTOUCHED;

	/* All but the one bit: not known, whatever stands there. */
	rec.have = ~bit;
	assert_int_equal(get((const void *)&rec, &value), -ENODATA);
	assert_int_equal(value, UNTOUCHED);
	rec.have = bit;
	assert_int_equal(get((const void *)&rec, &value), 0);
	assert_int_equal(value, wanted);
}

static void test_unknown_is_not_zero(void **state)
{
	struct buffer rec = { .name = "name",
			      .exporter = "system",
			      .have = ~0U };
	const struct dmabuf_buffer *buffer = (const void *)&rec;

	(void)state;
	check_number(dmabuf_buffer_ino, DMABUF_HAVE_INO, 11);
	check_number(dmabuf_buffer_size, DMABUF_HAVE_SIZE, UINT64_MAX);
	check_number(dmabuf_buffer_refs, DMABUF_HAVE_REFS, 33);
	check_number(dmabuf_buffer_attachments, DMABUF_HAVE_ATTACHMENTS,
		     UINT32_MAX);
	check_number(dmabuf_buffer_address, DMABUF_HAVE_ADDRESS,
		     0xffff888012345678);

	assert_string_equal(dmabuf_buffer_name(buffer), "name");
	assert_string_equal(dmabuf_buffer_exporter(buffer), "system");
	rec.name = "";
	assert_string_equal(dmabuf_buffer_name(buffer), "");
	rec.have = ~(uint32_t)DMABUF_HAVE_NAME;
	assert_null(dmabuf_buffer_name(buffer));
	rec.have = ~(uint32_t)DMABUF_HAVE_EXPORTER;
	assert_null(dmabuf_buffer_exporter(buffer));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_unknown_is_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
