// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/snapshot/records.h"

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
	snapshot_join_buffers(snapshot);
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
	snapshot_join_buffers(snapshot);
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
	snapshot_join_buffers(snapshot);
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
	snapshot_join_buffers(snapshot);
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
		snapshot_join_buffers(snapshot);

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted_by_ino),
		cmocka_unit_test(test_each_buffer_once),
		cmocka_unit_test(test_attachments_of_their_buffer),
		cmocka_unit_test(test_torn_attachments_are_dropped),
		cmocka_unit_test(test_attachment_strings),
		cmocka_unit_test(test_join_against_a_simple_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
