// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/ledger.h"
#include "snapshot/recheck.h"
#include "tests/unit/snapshot/refs.h"

/* Drops what a later look, in either order, does not see. */
static void drop_gone(struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_snapshot *later, bool reversed)
{
	const size_t n = later->buffers.n;
	struct recheck recheck;
	size_t i;

	assert_int_equal(recheck_begin(&recheck, snapshot), 0);
	for (i = 0; i < n; i++)
		recheck_see(&recheck,
			    vec_at(&later->buffers, reversed ? n - 1 - i : i));
	recheck_end(&recheck);
}

static void test_drop_gone(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_snapshot *later = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	uint64_t ino, n;
	uint64_t i;

	(void)state;
	for (i = 1; i <= 3; i++) {
		struct dmabuf_rec_buffer rec = unit_buffer(0xffff0000 + i, i);

		rec.have |= DMABUF_HAVE_ADDRESS;
		assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
		/* The second has gone, the third is held once more. */
		rec.refs += i == 3;
		if (i != 2)
			assert_true(snapshot_add(later, &rec, sizeof(rec)) > 0);
	}
	snapshot_join_buffers(snapshot);
	snapshot_join_buffers(later);
	drop_gone(snapshot, later, false);
	assert_int_equal(snapshot_join_refs(snapshot), 0);

	assert_int_equal(dmabuf_snapshot_count(snapshot), 2);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 1);
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_ino(buffer, &ino), 0);
	assert_int_equal(ino, 3);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n),
			 -ENODATA);
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(later);
}

/* A look may know by itself that nothing changed. */
static void test_same(void **state)
{
	const uint32_t moved = DMABUF_HAVE_MOVED, ledger = DMABUF_HAVE_LEDGER;
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer rec;
	struct buffer *buffer;
	struct recheck recheck;
	uint64_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		rec = unit_buffer(0xffff0000 + i, i);
		rec.have |= DMABUF_HAVE_ADDRESS;
		/* The search changed the references that it is compared by. */
		rec.have |= i == 1 ? moved : 0;
		rec.have &= ~(i == 2 ? DMABUF_HAVE_REFS : 0);
		assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
	}
	snapshot_join_buffers(snapshot);
	assert_int_equal(recheck_begin(&recheck, snapshot), 0);
	recheck.same = true;
	recheck_end(&recheck);
	assert_int_equal(snapshot->buffers.n, 3);
	buffer = snapshot->buffers.data;
	for (i = 0; i < 3; i++)
		assert_int_equal(buffer[i].have & (moved | ledger),
				 i ? 0 : ledger);
	dmabuf_snapshot_free(snapshot);
}

/* Numbers that come again have v5.10, and nobody else. */
static void test_drop_gone_in_order(void **state)
{
	const struct {
		const char *first, *later, *left;
	} cases[] = {
		{ "1:1 2:2 3:3", "1:1 2:2 3:3", "1:1 2:2 3:3 " },
		{ "1:1 2:2 3:3", "", "" },
		{ "", "1:1", "" },
		{ "2:2 4:4", "1:1 3:3 5:5", "" },
		{ "1:9 3:8 5:7", "5:7 1:9 2:1", "1:9 5:7 " },
		{ "1:1 2:2 3:3 4:4 5:5 6:6", "1:1 3:3 4:9 5:5 6:6 7:7",
		  "1:1 3:3 5:5 6:6 " },
		{ "4:1 4:2 4:3 5:5", "4:2 5:6 5:5", "4:2 5:5 " },
		{ "4:1 4:3", "4:2 4:4", "" },
		{ "1:0 2:0 2:0 3:0", "2:0 3:0", "2:2 2:3 3:4 " },
		{ "1:5 2:6", "1:0 2:0", "" },
		/* Another buffer has its address now. */
		{ "2:7 4:4", "3:7 4:4", "4:4 " },
	};
	struct dmabuf_snapshot *snapshot, *later;
	const struct buffer *buffer;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < 2 * ARRAY_SIZE(cases); i++) {
		snapshot = snapshot_of(cases[i / 2].first);
		later = snapshot_of(cases[i / 2].later);
		drop_gone(snapshot, later, i % 2);
		text[0] = 0;
		buffer = NULL;
		while ((buffer = vec_next(&snapshot->buffers, buffer)))
			sprintf(text + strlen(text), "%u:%u ",
				(unsigned int)buffer->ino,
				(unsigned int)buffer->key);
		assert_string_equal(text, cases[i / 2].left);
		dmabuf_snapshot_free(snapshot);
		dmabuf_snapshot_free(later);
	}
}

/* Two looks at the same buffers, with what differs between them. */
static void fill_looks(struct dmabuf_snapshot *snapshot, bool again)
{
	/* 1: the same both times, with a reference too many. */
	add_buffer(snapshot, 1, 4096, 2);
	add_ref(snapshot, ref_of(1, 10, DMABUF_REC_REF_FD, 1, 5));
	/* 2: who holds it has changed. */
	add_buffer(snapshot, 2, 4096, 2);
	add_ref(snapshot, ref_of(2, again ? 30 : 20, DMABUF_REC_REF_FD,
				 again ? 3 : 2, 5));
	/* 3: as many, but somewhere else in the same process. */
	add_buffer(snapshot, 3, 4096, 2);
	add_ref(snapshot, ref_of(3, 10, DMABUF_REC_REF_FD, 1, again ? 7 : 6));
	/* 4: the kernel counts others. */
	add_buffer(snapshot, 4, 4096, again ? 3 : 2);
	add_ref(snapshot, ref_of(4, 10, DMABUF_REC_REF_FD, 1, 8));
	/* 5: it was explained. */
	add_buffer(snapshot, 5, 4096, 2);
	add_ref(snapshot, ref_of(5, 10, DMABUF_REC_REF_FD, 1, 9));
	if (!again)
		add_ref(snapshot, ref_of(5, 20, DMABUF_REC_REF_FD, 2, 9));
	/* 6: there is nothing to doubt. */
	add_buffer(snapshot, 6, 4096, 1);
	add_ref(snapshot, ref_of(6, 10, DMABUF_REC_REF_FD, 1, 10));
	/* 7: it was not there. */
	if (again)
		add_buffer(snapshot, 7, 4096, 1);
	join(snapshot);
}

static void test_confirm(void **state)
{
	struct dmabuf_snapshot *before = new_snapshot(COVERS);
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer = NULL;
	char text[64] = "";
	uint64_t ino, n;

	(void)state;
	fill_looks(before, false);
	fill_looks(snapshot, true);
	assert_true(has_unexplained(snapshot));
	assert_false(recheck_confirm(snapshot, before));
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		assert_int_equal(dmabuf_buffer_ino(buffer, &ino), 0);
		if (dmabuf_buffer_unexplained(snapshot, buffer, &n))
			sprintf(text + strlen(text), "%d:? ", (int)ino);
		else
			sprintf(text + strlen(text), "%d:%d ", (int)ino,
				(int)n);
	}
	assert_string_equal(text, "1:1 2:? 3:? 4:? 5:? 6:0 7:? ");

	/* What is left is certain. */
	assert_true(recheck_confirm(snapshot, before));
	assert_true(has_unexplained(snapshot));
	dmabuf_snapshot_free(before);
	dmabuf_snapshot_free(snapshot);
}

/* Only what is counted twice the same can be doubted. */
static void test_nothing_unexplained(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	add_ref(snapshot, ref_of(1, 10, DMABUF_REC_REF_FD, 1, 5));
	join(snapshot);
	assert_false(has_unexplained(snapshot));
	dmabuf_snapshot_free(snapshot);
}

/* A count that was another one during the search says nothing. */
static void test_moved(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_of("1:1 2:2");
	struct buffer *buffer = vec_at(&snapshot->buffers, 1);

	(void)state;
	buffer->have |= DMABUF_HAVE_MOVED;
	drop_gone(snapshot, snapshot, false);
	assert_true(buffer[-1].have & DMABUF_HAVE_LEDGER);
	assert_false(buffer->have & DMABUF_HAVE_LEDGER);
	assert_false(buffer->have & DMABUF_HAVE_MOVED);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_drop_gone),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_drop_gone_in_order),
		cmocka_unit_test(test_confirm),
		cmocka_unit_test(test_nothing_unexplained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
