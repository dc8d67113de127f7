// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/snapshot.h"
#include "tests/unit/unit.h"

static void add(struct dmabuf_snapshot *snapshot, const void *rec)
{
	const struct dmabuf_rec *head = rec;

	assert_int_equal(snapshot_add(snapshot, rec, head->size), head->size);
}

static void add_buffer(struct dmabuf_snapshot *snapshot, uint64_t key,
		       uint64_t ino, uint32_t pass)
{
	struct dmabuf_rec_buffer rec = unit_buffer(key, ino);

	rec.pass = pass;
	snprintf(rec.name, sizeof(rec.name), "pass %u", pass);
	add(snapshot, &rec);
}

static void add_attachment(struct dmabuf_snapshot *snapshot, uint64_t key,
			   uint32_t pass, uint32_t order)
{
	struct dmabuf_rec_attachment rec = unit_attachment(key, pass, order);

	add(snapshot, &rec);
}

/* The inode numbers in the order in which a caller sees them. */
static void check_inos(const struct dmabuf_snapshot *snapshot, size_t n,
		       const uint64_t *inos)
{
	const struct dmabuf_buffer *buffer = NULL;
	uint64_t ino;
	size_t i = 0;

	assert_int_equal(dmabuf_snapshot_count(snapshot), n);
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		assert_int_equal(dmabuf_buffer_ino(buffer, &ino), 0);
		assert_true(i < n);
		assert_int_equal(ino, inos[i++]);
	}
	assert_int_equal(i, n);
}

/* The devices of a buffer, as one string. */
static const char *devices(const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_attachment *att = NULL;
	static char text[1024];
	size_t used = 0;

	text[0] = 0;
	while ((att = dmabuf_buffer_next_attachment(snapshot, buffer, att)))
		used += snprintf(text + used, sizeof(text) - used, "%s%s",
				 used ? " " : "",
				 dmabuf_attachment_device(att) ?: "-");
	return text;
}

static void test_empty(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();

	(void)state;
	snapshot_join(snapshot);
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
	snapshot_join(snapshot);

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

static void test_sorted_by_ino(void **state)
{
	static const uint64_t inos[] = { 0, 2, 3, 7, 7, UINT64_MAX };
	struct dmabuf_snapshot *snapshot = snapshot_new();

	(void)state;
	add_buffer(snapshot, 0xffff888000000000, 7, 0);
	add_buffer(snapshot, 3, UINT64_MAX, 0);
	add_buffer(snapshot, 1, 3, 0);
	add_buffer(snapshot, UINT64_MAX, 0, 0);
	add_buffer(snapshot, 2, 7, 0); /* v5.10 gives a number twice */
	add_buffer(snapshot, 0, 2, 0);
	snapshot_join(snapshot);
	check_inos(snapshot, ARRAY_SIZE(inos), inos);
	dmabuf_snapshot_free(snapshot);
}

/* A walk that starts over meets buffers again; the last pass counts. */
static void test_each_buffer_once(void **state)
{
	static const uint64_t inos[] = { 1, 2 };
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_buffer *buffer;

	(void)state;
	add_buffer(snapshot, 10, 1, 3);
	add_buffer(snapshot, 20, 2, 1);
	add_buffer(snapshot, 10, 1, 7);
	add_buffer(snapshot, 10, 1, 5);
	add_buffer(snapshot, 20, 2, 1);
	snapshot_join(snapshot);
	check_inos(snapshot, ARRAY_SIZE(inos), inos);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_string_equal(dmabuf_buffer_name(buffer), "pass 7");
	dmabuf_snapshot_free(snapshot);
}

static void test_attachments_of_their_buffer(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_buffer *buffer = NULL;
	static const char *const wanted[] = { "dev0 dev1 dev2", "", "dev5" };
	size_t i;

	(void)state;
	add_attachment(snapshot, 10, 0, 2);
	add_attachment(snapshot, 30, 4, 5);
	add_attachment(snapshot, 10, 0, 0);
	add_buffer(snapshot, 30, 3, 4);
	add_buffer(snapshot, 10, 1, 0);
	add_buffer(snapshot, 20, 2, 0);
	add_attachment(snapshot, 10, 0, 1);
	snapshot_join(snapshot);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		buffer = dmabuf_snapshot_next(snapshot, buffer);
		assert_string_equal(devices(snapshot, buffer), wanted[i]);
	}
	dmabuf_snapshot_free(snapshot);
}

/* A list read in a pass that was torn is void, and so is nobody's. */
static void test_torn_attachments_are_dropped(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_buffer *buffer;

	(void)state;
	add_attachment(snapshot, 5, 0, 0); /* before all buffers */
	add_attachment(snapshot, 10, 1, 0);
	add_attachment(snapshot, 10, 1, 1);
	add_attachment(snapshot, 10, 2, 7);
	add_attachment(snapshot, 10, 3, 0);
	add_attachment(snapshot, 15, 2, 0); /* between them */
	add_attachment(snapshot, 99, 2, 0); /* after all */
	add_buffer(snapshot, 10, 1, 2);
	add_buffer(snapshot, 20, 2, 0);
	snapshot_join(snapshot);
	assert_int_equal(snapshot->attachments.n, 1);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_string_equal(devices(snapshot, buffer), "dev7");
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_string_equal(devices(snapshot, buffer), "");
	dmabuf_snapshot_free(snapshot);
}

static void test_attachment_strings(void **state)
{
	struct dmabuf_rec_attachment rec = unit_attachment(1, 0, 0);
	const struct dmabuf_attachment *att = (const void *)&rec;

	(void)state;
	assert_string_equal(dmabuf_attachment_device(att), "dev0");
	assert_string_equal(dmabuf_attachment_driver(att), "driver");
	rec.device[0] = rec.driver[0] = 0;
	assert_null(dmabuf_attachment_device(att));
	assert_null(dmabuf_attachment_driver(att));
}

/* Many records at random, against a join that is slow and simple. */
static void test_join_against_a_simple_one(void **state)
{
	enum { KEYS = 20, BUFFERS = 60, ATTACHMENTS = 300, ROUNDS = 200 };
	uint32_t last[KEYS];
	struct {
		uint32_t pass, order;
		uint64_t key;
	} atts[ATTACHMENTS];
	const struct dmabuf_attachment *att;
	const struct dmabuf_buffer *buffer;
	struct dmabuf_snapshot *snapshot;
	uint64_t random = 88172645463325252, key, ino, before;
	size_t i, n, seen, wanted;
	int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		snapshot = snapshot_new();
		memset(last, 0, sizeof(last));
		for (i = 0; i < BUFFERS; i++) {
			key = unit_random(&random) % KEYS;
			/* A pass is the only one of its number for a key. */
			last[key] += 1 + unit_random(&random) % 2;
			add_buffer(snapshot, key, 1000 - key, last[key]);
		}
		for (i = 0; i < ATTACHMENTS; i++) {
			atts[i].key = unit_random(&random) % (KEYS + 3);
			atts[i].pass = unit_random(&random) % 9;
			atts[i].order = i;
			add_attachment(snapshot, atts[i].key, atts[i].pass, i);
		}
		snapshot_join(snapshot);

		buffer = NULL;
		before = seen = 0;
		while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
			assert_int_equal(dmabuf_buffer_ino(buffer, &ino), 0);
			assert_true(ino > before);
			before = ino;
			key = 1000 - ino;
			assert_true(last[key] > 0);
			seen++;

			att = NULL;
			n = wanted = 0;
			while ((att = dmabuf_buffer_next_attachment(
					snapshot, buffer, att)))
				n++;
			for (i = 0; i < ATTACHMENTS; i++)
				wanted += atts[i].key == key &&
					  atts[i].pass == last[key];
			assert_int_equal(n, wanted);
		}
		for (i = n = 0; i < KEYS; i++)
			n += last[i] > 0;
		assert_int_equal(seen, n);
		dmabuf_snapshot_free(snapshot);
	}
}

static void check_number(int (*get)(const struct dmabuf_buffer *, uint64_t *),
			 uint32_t bit, uint64_t wanted)
{
	struct dmabuf_rec_buffer rec = {
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
	struct dmabuf_rec_buffer rec = unit_buffer(1, 1);
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
	rec.name[0] = 0;
	assert_string_equal(dmabuf_buffer_name(buffer), "");
	rec.have = ~(uint32_t)DMABUF_HAVE_NAME;
	assert_null(dmabuf_buffer_name(buffer));
	rec.have = ~(uint32_t)DMABUF_HAVE_EXPORTER;
	assert_null(dmabuf_buffer_exporter(buffer));
}

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
	snapshot_join(snapshot);

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
	snapshot_join(snapshot);
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
			    "1 names; 1 sizes; 1 lists of attachments; ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add_whole_records_only),
		cmocka_unit_test(test_add_what_is_no_record),
		cmocka_unit_test(test_strings_are_made_to_end),
		cmocka_unit_test(test_sorted_by_ino),
		cmocka_unit_test(test_each_buffer_once),
		cmocka_unit_test(test_attachments_of_their_buffer),
		cmocka_unit_test(test_torn_attachments_are_dropped),
		cmocka_unit_test(test_attachment_strings),
		cmocka_unit_test(test_join_against_a_simple_one),
		cmocka_unit_test(test_unknown_is_not_zero),
		cmocka_unit_test(test_gaps_in_their_order),
		cmocka_unit_test(test_find_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
