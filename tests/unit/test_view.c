// SPDX-License-Identifier: GPL-2.0-or-later
#include "../../cli/view.h"
#include "snapshot.h"
#include "unit.h"

static void add(struct dmabuf_snapshot *snapshot, uint64_t key, uint64_t bytes,
		uint32_t have)
{
	struct dmabuf_rec_buffer rec = unit_buffer(key, key);

	rec.bytes = bytes;
	rec.have = have;
	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

static void test_totals(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct envelope envelope = {};

	(void)state;
	strcpy(snapshot->kernel, "6.1");
	strcpy(snapshot->collector, "pinned");
	add(snapshot, 1, 4096, HAVE_ALL);
	add(snapshot, 2, 8192, HAVE_ALL);
	add(snapshot, 3, 77, HAVE_ALL & ~DMABUF_HAVE_SIZE);
	view_envelope(snapshot, &envelope);
	assert_ptr_equal(envelope.snapshot, snapshot);
	assert_string_equal(envelope.kernel, "6.1");
	assert_string_equal(envelope.collector, "pinned");
	assert_string_equal(envelope.totals[0].name, "buffers");
	assert_int_equal(envelope.totals[0].number, 3);
	assert_string_equal(envelope.totals[1].name, "bytes");
	assert_int_equal(envelope.totals[1].number, 12288);
	assert_null(envelope.totals[2].name);

	add(snapshot, 4, UINT64_MAX, HAVE_ALL);
	view_envelope(snapshot, &envelope);
	assert_true(envelope.totals[1].number == UINT64_MAX);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
