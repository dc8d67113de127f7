// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/snapshot/records.h"

static void check_add(const void *rec, size_t size)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	size_t n;

	for (n = 0; n < size; n++)
		assert_int_equal(snapshot_add(snapshot, rec, n), 0);
	assert_int_equal(snapshot->buffers.n + snapshot->attachments.n +
				 snapshot->gaps.n,
			 0);
	assert_int_equal(snapshot_add(snapshot, rec, size), size);
	assert_int_equal(snapshot_add(snapshot, rec, size + 100), size);
	assert_int_equal(snapshot->buffers.n + snapshot->attachments.n +
				 snapshot->gaps.n,
			 2);
	dmabuf_snapshot_free(snapshot);
}

/* Less than the whole record is not added, at whatever byte it ends. */
static void test_add_whole_records_only(void **state)
{
	/* The 100 bytes behind are those that @size says are there. */
	struct {
		struct dmabuf_rec_buffer rec;
		char more[100];
	} buffer = { .rec = unit_buffer(1, 1) };
	struct {
		struct dmabuf_rec_attachment rec;
		char more[100];
	} attachment = { .rec = unit_attachment(1, 0, 0) };
	struct {
		struct dmabuf_rec_gap rec;
		char more[100];
	} gap = { .rec = unit_gap("things", 1) };

	(void)state;
	check_add(&buffer, sizeof(buffer.rec));
	check_add(&attachment, sizeof(attachment.rec));
	check_add(&gap, sizeof(gap.rec));
}

static void test_add_what_is_no_record(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_buffer rec = unit_buffer(1, 1);
	static const struct dmabuf_rec heads[] = {
		{ 0, 136 },
		{ DMABUF_REC_KIND(0) + 0x100, 136 },
		{ DMABUF_REC_BUFFER, 0 },
		{ DMABUF_REC_BUFFER, 7 },
		{ DMABUF_REC_BUFFER, 135 },
		{ DMABUF_REC_ATTACHMENT, 119 },
		{ DMABUF_REC_GAP, 207 },
		{ DMABUF_REC_KIND(77), 7 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		rec.head = heads[i];
		assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
				 -EBADMSG);
	}
	assert_int_equal(snapshot->buffers.n, 0);
	dmabuf_snapshot_free(snapshot);
}

static void test_strings_are_made_to_end(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_attachment att = unit_attachment(1, 0, 0);
	struct dmabuf_rec_buffer buffer = unit_buffer(1, 1);
	struct dmabuf_rec_gap gap = unit_gap("", 1);
	const struct dmabuf_attachment *a;
	const struct dmabuf_buffer *b;
	const struct dmabuf_gap *g;

	(void)state;
	memset(buffer.name, 'n', sizeof(buffer.name));
	memset(buffer.exporter, 'e', sizeof(buffer.exporter));
	memset(att.device, 'd', sizeof(att.device));
	memset(att.driver, 'r', sizeof(att.driver));
	memset(gap.what, 'w', sizeof(gap.what));
	memset(gap.why, 'y', sizeof(gap.why));
	add(snapshot, &buffer);
	add(snapshot, &att);
	add(snapshot, &gap);
	snapshot_join_buffers(snapshot);

	b = dmabuf_snapshot_next(snapshot, NULL);
	a = dmabuf_buffer_next_attachment(snapshot, b, NULL);
	g = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_int_equal(strlen(dmabuf_buffer_name(b)), 31);
	assert_int_equal(strlen(dmabuf_buffer_exporter(b)), 47);
	assert_int_equal(strlen(dmabuf_attachment_device(a)), 63);
	assert_int_equal(strlen(dmabuf_attachment_driver(a)), 31);
	assert_int_equal(strlen(dmabuf_gap_what(g)), 31);
	assert_int_equal(strlen(dmabuf_gap_why(g)), 159);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_whole_records_only),
		cmocka_unit_test(test_add_what_is_no_record),
		cmocka_unit_test(test_strings_are_made_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
