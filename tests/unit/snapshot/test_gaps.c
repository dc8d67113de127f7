// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/gaps.h"
#include "tests/unit/snapshot/records.h"

static void test_gaps_in_their_order(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_gap *gap;
	char text[500];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(snapshot_add_gap(snapshot, "b", 0, "why b"), 0);
	assert_int_equal(snapshot_add_gap(snapshot, "a", 7, "why a"), 0);
	assert_int_equal(snapshot_add_gap(snapshot, text, UINT64_MAX, text), 0);
	snapshot_join_buffers(snapshot);

	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_string_equal(dmabuf_gap_what(gap), "b");
	assert_string_equal(dmabuf_gap_why(gap), "why b");
	assert_int_equal(dmabuf_gap_count(gap), 0);
	gap = dmabuf_snapshot_next_gap(snapshot, gap);
	assert_string_equal(dmabuf_gap_what(gap), "a");
	assert_int_equal(dmabuf_gap_count(gap), 7);
	gap = dmabuf_snapshot_next_gap(snapshot, gap);
	assert_int_equal(strlen(dmabuf_gap_what(gap)), 31);
	assert_int_equal(strlen(dmabuf_gap_why(gap)), 159);
	assert_int_equal(dmabuf_gap_count(gap), UINT64_MAX);
	assert_null(dmabuf_snapshot_next_gap(snapshot, gap));
	dmabuf_snapshot_free(snapshot);
}

/* What snapshot_find_gaps() finds in three buffers, the middle one @rec. */
static const char *found(struct dmabuf_rec_buffer rec, uint32_t gives)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_gap *gap = NULL;
	static char text[1024];
	size_t used = 0;

	text[0] = 0;
	add_buffer(snapshot, 1, 1, 0);
	rec.key = 2;
	add(snapshot, &rec);
	add_buffer(snapshot, 3, 3, 0);
	snapshot_join_buffers(snapshot);
	assert_int_equal(snapshot_find_gaps(snapshot, gives), 0);
	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap)))
		used += snprintf(text + used, sizeof(text) - used, "%ju %s; ",
				 (uintmax_t)dmabuf_gap_count(gap),
				 dmabuf_gap_what(gap));
	dmabuf_snapshot_free(snapshot);
	return text;
}

static void test_find_gaps(void **state)
{
	struct dmabuf_rec_buffer rec = unit_buffer(2, 2);

	(void)state;
	assert_string_equal(found(rec, ~0U), "");

	rec.have &= ~DMABUF_HAVE_NAME;
	assert_string_equal(found(rec, ~0U), "1 names; ");
	/* Who never promised names has not missed one. */
	assert_string_equal(found(rec, ~(uint32_t)DMABUF_GIVES_NAME), "");

	rec = unit_buffer(2, 2);
	rec.have &= ~DMABUF_HAVE_EXPORTER;
	assert_string_equal(found(rec, ~0U), "1 exporters; ");
	assert_string_equal(found(rec, ~(uint32_t)DMABUF_GIVES_EXPORTER), "");
	/* Where a mapping is all that is known, after the other gaps. */
	rec.have &= ~(DMABUF_HAVE_REFS | DMABUF_HAVE_SIZE);
	assert_string_equal(found(rec, ~0U), "1 sizes; 1 exporters; ");

	rec = unit_buffer(2, 2);
	memset(rec.exporter, 'x', 46);
	assert_string_equal(found(rec, ~0U), "");
	memset(rec.exporter, 'x', 47);
	assert_string_equal(found(rec, 0), "1 exporters; ");

	rec = unit_buffer(2, 2);
	rec.cut = DMABUF_HAVE_ATTACHMENTS;
	assert_string_equal(found(rec, ~0U), "1 lists of attachments; ");

	rec.have = 0;
	assert_string_equal(found(rec, ~0U),
			    "1 names; 1 sizes; 1 lists of attachments; "
			    "1 exporters; ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps_in_their_order),
		cmocka_unit_test(test_find_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
