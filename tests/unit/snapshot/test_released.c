// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/buffers.h"
#include "snapshot/join.h"
#include "tests/unit/unit.h"
#include "util/cleanup.h"

enum { PATHS = DMABUF_REC_COVERS(DMABUF_REC_REF_PATH) };

static void add_buffer(struct vec *to, uint32_t kind, uint64_t ino,
		       uint64_t refs)
{
	const struct buffer buffer = {
		.released = kind == DMABUF_REC_RELEASED,
		.name = "",
		.exporter = "",
		.key = 1000 + ino,
		.ino = ino,
		.bytes = 4096,
		.refs = refs,
		.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_INO |
			DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |
			DMABUF_HAVE_LEDGER,
	};

	assert_int_equal(vec_push(to, &buffer), 0);
}

static void add_ref(struct dmabuf_snapshot *snapshot, uint32_t type,
		    uint64_t ino, uint64_t place, uint32_t pid)
{
	const struct dmabuf_rec_ref ref = {
		.head = { DMABUF_REC_REF, sizeof(ref) },
		.key = 1000 + ino,
		.ino = ino,
		.table = pid,
		.place = place,
		.type = type,
		.refs = type == DMABUF_REC_REF_FD,
		.pid = pid,
	};

	assert_int_equal(vec_push(&snapshot->refs, &ref), 0);
}

/* One buffer of process 7, which keeps a released one with process 8. */
static struct dmabuf_snapshot *make(uint32_t covers)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();

	assert_non_null(snapshot);
	snapshot->source.head.kind = DMABUF_REC_SOURCE;
	snapshot->source.covers = covers;
	add_buffer(&snapshot->buffers, DMABUF_REC_BUFFER, 20, 1);
	add_ref(snapshot, DMABUF_REC_REF_FD, 20, 3, 7);
	/* Once for each descriptor. */
	add_buffer(&snapshot->released, DMABUF_REC_RELEASED, 10, 0);
	add_buffer(&snapshot->released, DMABUF_REC_RELEASED, 10, 0);
	add_buffer(&snapshot->released, DMABUF_REC_RELEASED, 10, 0);
	add_ref(snapshot, DMABUF_REC_REF_PATH, 10, 4, 7);
	add_ref(snapshot, DMABUF_REC_REF_PATH, 10, 5, 7);
	add_ref(snapshot, DMABUF_REC_REF_PATH, 10, 4, 8);
	assert_int_equal(snapshot_join_buffers(snapshot), 0);
	assert_int_equal(snapshot_join_refs(snapshot), 0);
	return snapshot;
}

static struct dmabuf_usage usage_of(const struct dmabuf_snapshot *snapshot,
				    uint32_t pid)
{
	struct dmabuf_usage usage = { .size = sizeof(usage) };

	assert_int_equal(
		dmabuf_process_usage(
			dmabuf_snapshot_find_process(snapshot, pid), &usage),
		0);
	return usage;
}

/* The kernel's buffers are those of its list; the others come by themselves. */
static void test_apart(void **state)
{
	struct dmabuf_snapshot *snapshot = make(~0U);
	const struct dmabuf_buffer *listed, *released;
	uint64_t ino;

	(void)state;
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	listed = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_ino(listed, &ino), 0);
	assert_int_equal(ino, 20);
	assert_false(dmabuf_buffer_released(listed));
	assert_null(dmabuf_snapshot_next(snapshot, listed));
	released = dmabuf_snapshot_next_released(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_ino(released, &ino), 0);
	assert_int_equal(ino, 10);
	assert_true(dmabuf_buffer_released(released));
	assert_null(dmabuf_snapshot_next_released(snapshot, released));
	dmabuf_snapshot_free(snapshot);
}

/* It was listed, with a device, and released before its descriptor was read. */
static void test_released_meanwhile(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_rec_attachment att = {
		.head = { DMABUF_REC_ATTACHMENT, sizeof(att) },
		.key = 1010,
		.pass = 5,
	};
	const struct dmabuf_buffer *released;

	(void)state;
	assert_non_null(snapshot);
	add_buffer(&snapshot->buffers, DMABUF_REC_BUFFER, 10, 1);
	add_buffer(&snapshot->buffers, DMABUF_REC_BUFFER, 20, 1);
	assert_int_equal(vec_push(&snapshot->attachments, &att), 0);
	((struct buffer *)vec_at(&snapshot->buffers, 0))->pass = 5;
	add_buffer(&snapshot->released, DMABUF_REC_RELEASED, 10, 0);
	add_ref(snapshot, DMABUF_REC_REF_PATH, 10, 4, 7);
	assert_int_equal(snapshot_join_buffers(snapshot), 0);
	assert_int_equal(snapshot->attachments.n, 1);
	assert_int_equal(snapshot_join_refs(snapshot), 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	assert_int_equal(snapshot->attachments.n, 0);
	released = dmabuf_snapshot_next_released(snapshot, NULL);
	assert_non_null(released);
	assert_null(dmabuf_snapshot_next_released(snapshot, released));
	dmabuf_snapshot_free(snapshot);
}

/* What a process keeps so is not part of its RSS and PSS. */
static void test_usage(void **state)
{
	struct dmabuf_snapshot *snapshot = make(~0U);
	struct dmabuf_usage usage = usage_of(snapshot, 7);

	(void)state;
	assert_true(usage.buffers == 1 && usage.fds == 1);
	assert_true(usage.rss == 4096 && usage.pss == 4096);
	assert_true(usage.released_buffers == 1 && usage.released == 4096);
	usage = usage_of(snapshot, 8);
	assert_true(usage.buffers == 0 && usage.rss == 0 && usage.pss == 0);
	assert_true(usage.released_buffers == 1 && usage.released == 4096);
	assert_true(usage.kept_buffers == 0 && usage.kept == 0);
	assert_false(usage.lacks_released);
	dmabuf_snapshot_free(snapshot);
}

static void test_holders(void **state)
{
	struct dmabuf_snapshot *snapshot = make(~0U);
	const struct dmabuf_buffer *released =
		dmabuf_snapshot_next_released(snapshot, NULL);
	const struct dmabuf_holder *holder;
	uint64_t n = UNTOUCHED;
	bool kernel_only = true;

	(void)state;
	assert_int_equal(dmabuf_buffer_processes(snapshot, released, &n), 0);
	assert_int_equal(n, 2);
	holder = dmabuf_buffer_next_holder(snapshot, released, NULL);
	assert_int_equal(dmabuf_holder_fds(holder), 2);
	assert_int_equal(
		dmabuf_buffer_kernel_only(snapshot, released, &kernel_only), 0);
	assert_false(kernel_only);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, released, &n), 0);
	assert_int_equal(n, 0);
	dmabuf_snapshot_free(snapshot);
}

/* No count of references tells that all descriptors were found. */
static void test_not_searched(void **state)
{
	struct dmabuf_snapshot *snapshot = make(~(uint32_t)PATHS);
	const struct dmabuf_buffer *released =
		dmabuf_snapshot_next_released(snapshot, NULL);
	uint64_t n;

	(void)state;
	assert_false(dmabuf_snapshot_searched(snapshot, DMABUF_REF_PATH));
	assert_true(dmabuf_snapshot_searched(snapshot, DMABUF_REF_FD));
	assert_false(dmabuf_snapshot_searched(snapshot, 0));
	assert_false(dmabuf_snapshot_searched(snapshot, 99));
	assert_int_equal(dmabuf_buffer_processes(snapshot, released, &n),
			 -ENODATA);
	assert_true(usage_of(snapshot, 7).lacks_released);
	dmabuf_snapshot_free(snapshot);
}

/* Records that a search added and then gave up are dropped. */
static void test_rewind(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct snapshot_mark mark = snapshot_mark(snapshot);

	(void)state;
	add_buffer(&snapshot->released, DMABUF_REC_RELEASED, 10, 0);
	snapshot_rewind(snapshot, &mark);
	assert_int_equal(snapshot_join_refs(snapshot), 0);
	assert_null(dmabuf_snapshot_next_released(snapshot, NULL));
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_released_meanwhile),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_not_searched),
		cmocka_unit_test(test_rewind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
