// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/filter.h"
#include "snapshot/births.h"
#include "snapshot/buffers.h"
#include "snapshot/record_add.h"
#include "tests/unit/unit.h"

enum { SECOND = 1000000000 };

/* Buffers by what is known of them; track is on for a minute. */
enum { OLD, YOUNG, NO_PID, EARLIER, NO_EXPORTER, NO_NAME, BUFFERS };

static void add_birth(struct dmabuf_snapshot *snapshot, uint64_t key,
		      uint32_t pid, uint64_t seconds)
{
	const struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
		.key = key,
		.ino = key,
		.pid = pid,
		.age_ns = seconds * SECOND,
		.comm = "camera",
	};

	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

static void add_buffer(struct dmabuf_snapshot *snapshot, int which)
{
	struct dmabuf_rec_buffer rec = unit_buffer(which + 1, which + 1);

	strcpy(rec.exporter, which == EARLIER ? "heap" : "system");
	strcpy(rec.name, "frame");
	if (which == NO_EXPORTER)
		rec.have &= ~DMABUF_HAVE_EXPORTER;
	if (which == NO_NAME)
		rec.have &= ~DMABUF_HAVE_NAME;
	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

static struct dmabuf_snapshot *make(uint64_t lost, const char *exporter)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_track track = {
		.head = { DMABUF_REC_TRACK, sizeof(track) },
		.since_ns = 60ULL * SECOND,
		.lost = lost,
	};
	int which;

	strcpy(track.exporter, exporter);
	assert_true(snapshot_add(snapshot, &track, sizeof(track)) > 0);
	for (which = 0; which < BUFFERS; which++)
		add_buffer(snapshot, which);
	for (which = 0; which < BUFFERS; which++)
		if (which != EARLIER)
			add_birth(snapshot, which + 1,
				  which == NO_PID ? 0 : 812,
				  which == OLD ? 50 : 5);
	assert_int_equal(snapshot_join_buffers(snapshot), 0);
	assert_int_equal(snapshot_join_births(snapshot), 0);
	return snapshot;
}

/* What the options make of each buffer: y, n, or the letter of a reason. */
static void expect(const struct options *options, uint64_t lost,
		   const char *exporter, const char *verdicts)
{
	static const char letters[FILTER_VERDICTS] = {
		[FILTER_NO] = 'n',	 [FILTER_YES] = 'y',
		[FILTER_EXPORTER] = 'x', [FILTER_NAME] = 'm',
		[FILTER_EARLIER] = 'e',	 [FILTER_LOST] = 'l',
		[FILTER_OTHERS] = 'o',	 [FILTER_PID] = 'p',
	};
	struct dmabuf_snapshot *snapshot = make(lost, exporter);
	const struct dmabuf_buffer *buffer = NULL;
	size_t unknown = 0;

	assert_true(filter_is_set(options));
	for (; *verdicts; verdicts++) {
		struct filter filter = { .options = options,
					 .snapshot = snapshot };
		enum filter_verdict verdict = FILTER_NO;

		buffer = dmabuf_snapshot_next(snapshot, buffer);
		assert_non_null(buffer);
		assert_int_equal(filter_takes(&filter, buffer),
				 *verdicts == 'y');
		while (verdict + 1 < FILTER_VERDICTS && !filter.counts[verdict])
			verdict++;
		assert_int_equal(letters[verdict], *verdicts);
		unknown = *verdicts != 'y' && *verdicts != 'n';
		assert_int_equal(filter_count_unknown(&filter), unknown);
	}
	assert_null(dmabuf_snapshot_next(snapshot, buffer));
	dmabuf_snapshot_free(snapshot);
}

#define EXPECT(verdicts, lost, exporter, ...)                                  \
	expect(&(const struct options){ __VA_ARGS__ }, lost, exporter, verdicts)

#define OLDER_THAN(seconds)                                                    \
	.older_than = #seconds "s", .least_age = seconds##ULL * SECOND

static void test_names(void **state)
{
	(void)state;
	/* In the order of the enum above. */
	EXPECT("yyynxy", 0, "", .exporter = "s*");
	EXPECT("yyyyym", 0, "", .name = "fr*");
	/* One option that does not match is enough. */
	EXPECT("nnnnnn", 0, "", .exporter = "nothing", .name = "still");
	EXPECT("nnnnnm", 0, "", .name = "still");
	EXPECT("nnnyxn", 0, "", .exporter = "heap", .name = "frame");
}

static void test_ages(void **state)
{
	(void)state;
	EXPECT("ynnynn", 0, "", OLDER_THAN(10));
	/* What was made before is older than a minute, or than an hour? */
	EXPECT("nnnynn", 0, "", OLDER_THAN(60));
	EXPECT("nnnenn", 0, "", OLDER_THAN(61));
	EXPECT("ynnlnn", 3, "", OLDER_THAN(10));
	EXPECT("ynnonn", 0, "system", OLDER_THAN(10));
	EXPECT("ynnynn", 0, "heap", OLDER_THAN(10));
}

static void test_makers(void **state)
{
	(void)state;
	EXPECT("yyyeyy", 0, "", .born_by = "camera");
	EXPECT("nnnenn", 0, "", .born_by = "video");
	EXPECT("yypeyy", 0, "", .born_by = "812");
	EXPECT("nnpenn", 0, "", .born_by = "813");
	EXPECT("yypoyy", 0, "system", .born_by = "812");
	EXPECT("ynnenn", 0, "", .born_by = "812", OLDER_THAN(10));
	EXPECT("yypnxy", 0, "", .born_by = "812", .exporter = "system");
}

static void test_notes(void **state)
{
	const struct options options = { .born_by = "812", .exporter = "*" };
	struct dmabuf_snapshot *snapshot = make(0, "");
	struct filter filter = { .options = &options, .snapshot = snapshot };
	const struct dmabuf_buffer *buffer = NULL;
	struct envelope envelope = {};

	(void)state;
	filter_note(&filter, &envelope);
	assert_true(envelope_is_whole(&envelope));
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		(void)filter_takes(&filter, buffer);
	assert_int_equal(filter_count_unknown(&filter), 3);
	filter_note(&filter, &envelope);
	assert_false(envelope_is_whole(&envelope));
	assert_int_equal(envelope.notes[0].count, 1);
	assert_string_equal(envelope.notes[0].error.text,
			    "their exporter is not known");
	assert_string_equal(envelope.notes[1].error.text,
			    "they were made before tracking began, so who made "
			    "them is not known");
	assert_int_equal(envelope.notes[3].error.err, 0);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_makers),
		cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
