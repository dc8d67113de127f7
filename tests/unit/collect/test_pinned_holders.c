// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/pinned_file.h"
#include "tests/unit/unit.h"

static char *tree;
static struct dmabuf_ctx *ctx;

static int setup(void **state)
{
	(void)state;
	tree = unit_tree();
	ctx = unit_ctx(tree);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
	return 0;
}

/* Two buffers with so many references. */
static void add_buffers(uint64_t first, uint64_t second)
{
	struct dmabuf_rec_buffer recs[] = { unit_buffer(1, 7),
					    unit_buffer(2, 8) };

	recs[0].refs = first;
	recs[1].refs = second;
	unit_tree_add(tree, PINNED_RECORDS, recs, sizeof(recs));
}

/* Each process has a table of its own. */
static struct dmabuf_rec_ref ref_of(uint64_t ino, uint32_t pid, uint32_t type,
				    uint64_t place)
{
	return (struct dmabuf_rec_ref){
		.head = { DMABUF_REC_REF, sizeof(struct dmabuf_rec_ref) },
		.ino = ino,
		.table = 0x5eed0000 + pid,
		.place = place,
		.type = type,
		.refs = 1,
		.pid = pid,
		.tid = pid,
		.comm = "task",
	};
}

static void add_fds(const struct dmabuf_rec_ref *refs, size_t n)
{
	unit_tree_add(tree, PINNED_FDS, refs, n * sizeof(*refs));
}

static struct dmabuf_snapshot *take(void)
{
	const struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
						   .holders = true };
	struct dmabuf_snapshot *snapshot = NULL;

	assert_int_equal(dmabuf_snapshot_take(ctx, &opts, &snapshot), 0);
	return snapshot;
}

static void check_bad(int err, const char *text)
{
	const struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
						   .collector =
							   "pinned_holders",
						   .holders = true };
	struct dmabuf_snapshot *snapshot = NULL;

	assert_int_equal(dmabuf_snapshot_take(ctx, &opts, &snapshot), err);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
}

static size_t count_gaps(const struct dmabuf_snapshot *snapshot,
			 const char *what)
{
	const struct dmabuf_gap *gap = NULL;
	size_t n = 0;

	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap)))
		n += !strcmp(dmabuf_gap_what(gap), what);
	return n;
}

/* Descriptors explain all: nothing else matters, even what is not pinned. */
static void test_descriptors(void **state)
{
	const struct dmabuf_rec_ref refs[] = {
		ref_of(7, 10, DMABUF_REC_REF_FD, 3),
		ref_of(8, 10, DMABUF_REC_REF_FD, 4),
		ref_of(8, 11, DMABUF_REC_REF_FD, 4),
	};
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *buffer;
	uint64_t n;

	(void)state;
	add_buffers(1, 2);
	add_fds(refs, ARRAY_SIZE(refs));
	snapshot = take();
	assert_string_equal(dmabuf_snapshot_holders_collector(snapshot),
			    "pinned_holders");
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_processes(snapshot, buffer, &n), 0);
	assert_int_equal(n, 1);
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_processes(snapshot, buffer, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(dmabuf_buffer_unexplained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 0);
	dmabuf_snapshot_free(snapshot);
}

static void test_mappings(void **state)
{
	const struct dmabuf_rec_ref fd = ref_of(7, 10, DMABUF_REC_REF_FD, 3);
	const struct dmabuf_rec_ref map =
		ref_of(8, 12, DMABUF_REC_REF_MAP, 0x7f0000000000);
	struct dmabuf_snapshot *snapshot;

	(void)state;
	add_buffers(1, 1);
	add_fds(&fd, 1);
	unit_tree_add(tree, PINNED_MAPS, &map, sizeof(map));
	snapshot = take();
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	assert_non_null(dmabuf_snapshot_find_process(snapshot, 12));
	dmabuf_snapshot_free(snapshot);
}

/* Of a buffer with other references, the files do not tell who holds it. */
static void check_others(bool has_device, int r)
{
	const struct dmabuf_rec_ref fd = ref_of(7, 10, DMABUF_REC_REF_FD, 3);
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *second;
	bool only;

	add_buffers(1, 1);
	add_fds(&fd, 1);
	unit_tree_add(tree, PINNED_MAPS, "", 0);
	unit_tree_add(tree, "sys/class/accel/x", "", 0);
	unit_tree_add(tree,
		      has_device ? "sys/class/drm/card0/dev"
				 : "sys/class/drm/version",
		      "", 0);
	snapshot = take();
	assert_int_equal(count_gaps(snapshot, "other references"), 1);
	assert_int_equal(count_gaps(snapshot, "GEM handles"), has_device);
	second = dmabuf_snapshot_next(snapshot,
				      dmabuf_snapshot_next(snapshot, NULL));
	assert_int_equal(dmabuf_buffer_kernel_only(snapshot, second, &only), r);
	dmabuf_snapshot_free(snapshot);
}

static void test_others(void **state)
{
	(void)state;
	check_others(false, 0);
}

static void test_others_with_a_device(void **state)
{
	(void)state;
	check_others(true, -ENODATA);
}

static void test_no_mappings(void **state)
{
	const struct dmabuf_rec_ref fd = ref_of(7, 10, DMABUF_REC_REF_FD, 3);
	struct dmabuf_snapshot *snapshot;

	(void)state;
	add_buffers(1, 1);
	add_fds(&fd, 1);
	snapshot = take();
	assert_int_equal(count_gaps(snapshot, "holders"), 1);
	dmabuf_snapshot_free(snapshot);
}

/* Two processes with one table: it is one reference. */
static void test_shared_table(void **state)
{
	struct dmabuf_rec_ref refs[] = { ref_of(7, 10, DMABUF_REC_REF_FD, 3),
					 ref_of(7, 11, DMABUF_REC_REF_FD, 3) };
	struct dmabuf_snapshot *snapshot;
	uint64_t n;

	(void)state;
	add_buffers(1, 0);
	refs[1].table = refs[0].table;
	add_fds(refs, ARRAY_SIZE(refs));
	snapshot = take();
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	assert_int_equal(
		dmabuf_buffer_processes(
			snapshot, dmabuf_snapshot_next(snapshot, NULL), &n),
		0);
	assert_int_equal(n, 2);
	dmabuf_snapshot_free(snapshot);
}

/* Whoever made the file may have written other numbers than our iterator. */
static void test_forged_numbers(void **state)
{
	struct dmabuf_rec_ref ref = ref_of(7, 10, DMABUF_REC_REF_FD, 3);
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *first;
	uint64_t n;

	(void)state;
	add_buffers(9, 1);
	ref.refs = 9;
	ref.key = 2;
	add_fds(&ref, 1);
	snapshot = take();
	first = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_explained(snapshot, first, &n), 0);
	assert_int_equal(n, 1);
	dmabuf_snapshot_free(snapshot);
}

/* Other records than those of its file. */
static void test_forged_records(void **state)
{
	const struct dmabuf_rec_ref handle =
		ref_of(7, 10, DMABUF_REC_REF_GEM_HANDLE, 3);
	const struct dmabuf_rec_ref map = ref_of(7, 10, DMABUF_REC_REF_MAP, 3);
	const struct dmabuf_rec_gap gap = {
		.head = { DMABUF_REC_GAP, sizeof(gap) },
	};

	(void)state;
	add_buffers(1, 1);
	add_fds(&handle, 1);
	check_bad(-EBADMSG, "/" PINNED_FDS ": unexpected type of reference");
	add_fds(&map, 1);
	check_bad(-EBADMSG, "/" PINNED_FDS ": unexpected type of reference");
	unit_tree_add(tree, PINNED_FDS, &gap, sizeof(gap));
	check_bad(-EBADMSG,
		  "/" PINNED_FDS ": unexpected kind of record at byte 0");
}

static void test_none(void **state)
{
	(void)state;
	add_buffers(1, 1);
	check_bad(-ENOENT, "/" PINNED_FDS ": No such file or directory");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_descriptors, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_mappings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others_with_a_device,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_mappings, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_shared_table, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_forged_numbers, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_forged_records, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_none, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
