// SPDX-License-Identifier: GPL-2.0-or-later
/* The join of buffers with what holds them: per process, per buffer, in sum. */
#include "tests/unit/unit.h"

#include "snapshot/holders.h"

enum {
	COVERS = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
		 DMABUF_REC_COVERS(DMABUF_REC_REF_MAP)
};

static struct dmabuf_snapshot *new_snapshot(uint32_t covers)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.covers = covers,
		.collector = "test",
	};

	assert_non_null(snapshot);
	assert_int_equal(snapshot_add(snapshot, &source, sizeof(source)),
			 sizeof(source));
	return snapshot;
}

static void add_buffer(struct dmabuf_snapshot *snapshot, uint64_t ino,
		       uint64_t bytes, uint64_t refs)
{
	struct dmabuf_rec_buffer rec = unit_buffer(0xffff0000 + ino, ino);

	rec.bytes = bytes;
	rec.refs = refs;
	rec.have |= DMABUF_HAVE_ADDRESS | DMABUF_HAVE_LEDGER;
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static struct dmabuf_rec_ref ref_of(uint64_t ino, uint32_t pid, uint32_t type,
				    uint64_t table, uint64_t place)
{
	return (struct dmabuf_rec_ref){
		.head = { DMABUF_REC_REF, sizeof(struct dmabuf_rec_ref) },
		.key = 0xffff0000 + ino,
		.ino = ino,
		.table = table,
		.place = place,
		.type = type,
		.refs = 1,
		.pid = pid,
		.tid = pid,
		.comm = "task",
	};
}

static void add_ref(struct dmabuf_snapshot *snapshot, struct dmabuf_rec_ref rec)
{
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static void join(struct dmabuf_snapshot *snapshot)
{
	snapshot_join(snapshot);
	assert_int_equal(holders_join(snapshot), 0);
}

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

/* Where not all processes were seen, none found does not mean none. */
static void test_no_verdict(void **state)
{
	struct dmabuf_snapshot *snapshot =
		new_snapshot(DMABUF_REC_COVERS(DMABUF_REC_REF_FD));
	const struct dmabuf_buffer *buffer;
	uint64_t n = UNTOUCHED;
	bool only;

	(void)state;
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

/* More names than references: they are of two moments. */
static void test_unsettled(void **state)
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

static void test_settle(void **state)
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
	snapshot_join(snapshot);
	snapshot_join(later);
	holders_settle(snapshot, later);
	assert_int_equal(holders_join(snapshot), 0);

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

/* Number and address of each in a snapshot; an address of 0 is not known. */
static struct dmabuf_snapshot *snapshot_of(const char *text)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer rec;
	unsigned int ino, key;
	int n;

	for (; sscanf(text, "%u:%u%n", &ino, &key, &n) == 2; text += n) {
		rec = unit_buffer(key, ino);
		if (key)
			rec.have |= DMABUF_HAVE_ADDRESS;
		else
			rec.key = snapshot->buffers.n + 1;
		assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
	}
	snapshot_join(snapshot);
	return snapshot;
}

/* Numbers that come again have v5.10, and nobody else. */
static void test_settle_order(void **state)
{
	const struct {
		const char *first, *later, *left;
	} cases[] = {
		{ "1:1 2:2 3:3", "1:1 2:2 3:3", "1:1 2:2 3:3 " },
		{ "1:1 2:2 3:3", "", "" },
		{ "", "1:1", "" },
		{ "2:2 4:4", "1:1 3:3 5:5", "" },
		{ "1:9 3:8 5:7", "5:7 1:9 2:1", "1:9 5:7 " },
		{ "4:1 4:2 4:3 5:5", "4:2 5:6 5:5", "4:2 5:5 " },
		{ "4:1 4:3", "4:2 4:4", "" },
		{ "1:0 2:0 2:0 3:0", "2:0 3:0", "2:2 2:3 3:4 " },
		{ "1:5 2:6", "1:0 2:0", "" },
	};
	struct dmabuf_snapshot *snapshot, *later;
	const struct dmabuf_rec_buffer *buffer;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snapshot = snapshot_of(cases[i].first);
		later = snapshot_of(cases[i].later);
		holders_settle(snapshot, later);
		text[0] = 0;
		buffer = NULL;
		while ((buffer = vec_next(&snapshot->buffers, buffer)))
			sprintf(text + strlen(text), "%u:%u ",
				(unsigned int)buffer->ino,
				(unsigned int)buffer->key);
		assert_string_equal(text, cases[i].left);
		dmabuf_snapshot_free(snapshot);
		dmabuf_snapshot_free(later);
	}
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

/* What was found so far, and whether that is all there can be. */
static void test_stand_for_all(void **state)
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
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
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
		snapshot_join(snapshot);
		assert_int_equal(holders_stand_for_all(snapshot, &all), 0);
		if (all != cases[i].all)
			fail_msg("case %zu", i);
		dmabuf_snapshot_free(snapshot);
	}
}

/* Buffers of a pinned iterator have no address: their inode number tells. */
static void test_stand_for_all_by_ino(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_of("7:0 8:0");
	bool all = false;

	(void)state;
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	assert_int_equal(holders_stand_for_all(snapshot, &all), 0);
	assert_false(all);
	add_ref(snapshot, ref_of(8, 10, DMABUF_REC_REF_FD, 1, 6));
	assert_int_equal(holders_stand_for_all(snapshot, &all), 0);
	assert_true(all);
	dmabuf_snapshot_free(snapshot);

	/* Which of the two is held nobody knows. */
	snapshot = snapshot_of("7:0 7:0");
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 5));
	add_ref(snapshot, ref_of(7, 10, DMABUF_REC_REF_FD, 1, 6));
	assert_int_equal(holders_stand_for_all(snapshot, &all), 0);
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
	assert_int_equal(holders_stand_for_all(snapshot, &all), 0);
	assert_false(all);
	dmabuf_snapshot_free(snapshot);
}

static void test_random(void **state)
{
	unsigned int seed;

	(void)state;
	for (seed = 1; seed <= 500; seed++)
		check_random(seed);
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
	assert_true(holders_doubt(snapshot));
	assert_false(holders_confirm(snapshot, before));
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
	assert_true(holders_confirm(snapshot, before));
	assert_true(holders_doubt(snapshot));
	dmabuf_snapshot_free(before);
	dmabuf_snapshot_free(snapshot);
}

/* Only what is counted twice the same can be doubted. */
static void test_no_doubt(void **state)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	add_ref(snapshot, ref_of(1, 10, DMABUF_REC_REF_FD, 1, 5));
	join(snapshot);
	assert_false(holders_doubt(snapshot));
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_shared_table),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_kernel_only),
		cmocka_unit_test(test_no_verdict),
		cmocka_unit_test(test_unsettled),
		cmocka_unit_test(test_reused_address),
		cmocka_unit_test(test_join_by_ino),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_settle_order),
		cmocka_unit_test(test_confirm),
		cmocka_unit_test(test_no_doubt),
		cmocka_unit_test(test_stand_for_all),
		cmocka_unit_test(test_stand_for_all_by_ino),
		cmocka_unit_test(test_no_count),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("holders", tests, NULL, NULL);
}
