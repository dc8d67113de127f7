// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/found_all.h"
#include "tests/unit/snapshot/refs.h"

/* References found so far, and whether all references are explained. */
static void test_found_all(void **state)
{
	const struct {
		uint64_t refs;
		struct {
			uint64_t ino, table, place;
			uint32_t pid;
		} seen[3];
		bool all;
	} cases[] = {
		{ 2, { { 7, 1, 5, 10 }, { 7, 1, 6, 10 } }, true },
		{ 3, { { 7, 1, 5, 10 }, { 7, 1, 6, 10 } }, false },
		{ 0, {}, true },
		{ 1, {}, false },
		/* Two processes with one table; seen again after another one.
		 */
		{ 2, { { 7, 1, 5, 10 }, { 7, 1, 5, 20 } }, false },
		{ 1, { { 7, 1, 5, 10 }, { 7, 1, 5, 20 } }, true },
		{ 3,
		  { { 7, 1, 5, 10 }, { 7, 2, 5, 20 }, { 7, 1, 5, 10 } },
		  false },
		{ 2,
		  { { 7, 1, 5, 10 }, { 7, 2, 5, 20 }, { 7, 1, 5, 10 } },
		  true },
		/* It has changed, or another one is at its address. */
		{ 1, { { 7, 1, 5, 10 }, { 7, 1, 6, 10 } }, false },
		{ 1, { { 8, 1, 5, 10 } }, false },
		/* Nobody knows whether the table is the same. */
		{ 1, { { 7, 0, 5, 10 } }, false },
	};
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_rec_ref ref;
	size_t i, h;
	bool all;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snapshot = new_snapshot(COVERS);
		add_buffer(snapshot, 6, 4096, 0);
		add_buffer(snapshot, 7, 4096, cases[i].refs);
		for (h = 0; h < 3 && cases[i].seen[h].ino; h++) {
			ref = ref_of(cases[i].seen[h].ino, cases[i].seen[h].pid,
				     DMABUF_REC_REF_FD, cases[i].seen[h].table,
				     cases[i].seen[h].place);
			ref.key = 0xffff0007;
			add_ref(snapshot, ref);
		}
		snapshot_join_buffers(snapshot);
		assert_int_equal(found_all_refs(snapshot, &all), 0);
		if (all != cases[i].all)
			fail_msg("case %zu", i);
		dmabuf_snapshot_free(snapshot);
	}
}

/* Buffers of a pinned iterator have no address: their inode number tells. */
static void test_found_all_by_ino(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_of("7:0 8:0");
	bool all = false;

	(void)state;
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	assert_int_equal(found_all_refs(snapshot, &all), 0);
	assert_false(all);
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_FD, 1, 6));
	assert_int_equal(found_all_refs(snapshot, &all), 0);
	assert_true(all);
	dmabuf_snapshot_free(snapshot);

	/* Which of the two is held nobody knows. */
	snapshot = snapshot_of("7:0 7:0");
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 6));
	assert_int_equal(found_all_refs(snapshot, &all), 0);
	assert_false(all);
	dmabuf_snapshot_free(snapshot);
}

/* Without the count of references nothing is known to be all. */
static void test_no_count(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer rec = unit_buffer(0xffff0007, 7);
	bool all = true;

	(void)state;
	rec.have &= ~DMABUF_HAVE_REFS;
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
	assert_int_equal(found_all_refs(snapshot, &all), 0);
	assert_false(all);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_all),
		cmocka_unit_test(test_found_all_by_ino),
		cmocka_unit_test(test_no_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
