// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>
#include <unistd.h>

#include "collect/pinned_file.h"
#include "core/context.h"
#include "tests/unit/unit.h"

static void test_options(void **state)
{
	struct {
		struct dmabuf_snapshot_opts known;
		uint64_t unknown;
	} later = { .known = { .size = sizeof(later) }, .unknown = 1 };
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .collector = "bogus" };
	struct dmabuf_snapshot *untouched = (void *)&opts, *ret = untouched;
	struct dmabuf_ctx *ctx = unit_ctx("/nonexistent");

	(void)state;
	assert_int_equal(dmabuf_snapshot_take(ctx, &opts, &ret), -EINVAL);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "no collector is called 'bogus'");
	opts.collector = "iter"; /* no abbreviations */
	assert_int_equal(dmabuf_snapshot_take(ctx, &opts, &ret), -EINVAL);
	assert_int_equal(dmabuf_snapshot_take(ctx, &later.known, &ret),
			 -EINVAL);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "options are of another libdmabuf");
	assert_ptr_equal(ret, untouched);
	dmabuf_ctx_free(ctx);
}

/* With a recorded tree, nothing may ask the running kernel. */
static void test_nothing_works_on_an_empty_tree(void **state)
{
	struct dmabuf_snapshot *untouched = (void *)&state, *ret = untouched;
	const struct dmabuf_collector *collector = NULL;
	char *tree = unit_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts) };

	assert_int_equal(dmabuf_snapshot_take(ctx, NULL, &ret), -EOPNOTSUPP);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "no collector works here");
	assert_non_null(strstr(dmabuf_ctx_error(ctx)->hint, "doctor"));
	while ((collector = dmabuf_collector_next(collector))) {
		opts.collector = dmabuf_collector_name(collector);
		assert_int_not_equal(dmabuf_snapshot_take(ctx, &opts, &ret), 0);
		assert_int_not_equal(dmabuf_collector_probe(ctx, collector), 0);
		assert_int_not_equal(dmabuf_ctx_error(ctx)->err, 0);
		assert_string_not_equal(dmabuf_ctx_error(ctx)->text, "");
	}
	assert_ptr_equal(ret, untouched);
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void test_what_stands_around_the_buffers(void **state)
{
	struct dmabuf_rec_buffer rec = unit_buffer(1, 7);
	char *tree = unit_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	struct dmabuf_snapshot *snapshot;
	uint64_t before = now_ns();

	(void)state;
	unit_tree_add(tree, PINNED_RECORDS, &rec, sizeof(rec));
	assert_int_equal(dmabuf_snapshot_take(ctx, NULL, &snapshot), 0);
	assert_string_equal(dmabuf_snapshot_kernel(snapshot), "");
	assert_string_equal(dmabuf_snapshot_collector(snapshot), "pinned");
	assert_in_range(dmabuf_snapshot_time_ns(snapshot), before, now_ns());
	dmabuf_snapshot_free(snapshot);

	unit_tree_add(tree, "proc/sys/kernel/osrelease", "6.1.0-x\n", 8);
	assert_int_equal(dmabuf_snapshot_take(ctx, NULL, &snapshot), 0);
	assert_string_equal(dmabuf_snapshot_kernel(snapshot), "6.1.0-x");
	dmabuf_ctx_free(ctx);
	/* A snapshot outlives its context. */
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	dmabuf_snapshot_free(snapshot);
	unit_tree_free(tree);
}

/* A promised value that is missing is a gap. */
static void test_gaps_are_found(void **state)
{
	struct dmabuf_rec_buffer rec = unit_buffer(1, 7);
	char *tree = unit_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;

	(void)state;
	rec.have &= ~DMABUF_HAVE_NAME;
	unit_tree_add(tree, PINNED_RECORDS, &rec, sizeof(rec));
	assert_int_equal(dmabuf_snapshot_take(ctx, NULL, &snapshot), 0);
	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_non_null(gap);
	assert_string_equal(dmabuf_gap_what(gap), "names");
	assert_int_equal(dmabuf_gap_count(gap), 1);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

static void add_text(const char *tree, const char *path, const char *text)
{
	unit_tree_add(tree, path, text, strlen(text));
}

/* A cgroup is a file for each process: it is read unless it is left out. */
static void test_cgroups(void **state)
{
	char *tree = unit_tree(), link[256];
	struct dmabuf_ctx *ctx = unit_ctx(tree);
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .holders = true };
	const struct dmabuf_process *process;
	struct dmabuf_snapshot *snapshot;
	int i;

	(void)state;
	add_text(tree, "proc/7/comm", "camera\n");
	add_text(tree, "proc/7/maps", "");
	add_text(tree, "proc/7/cgroup", "0::/camera.service\n");
	add_text(tree, "proc/7/fdinfo/5",
		 "ino:\t9\nsize:\t4096\ncount:\t1\nexp_name:\tsystem\n");
	add_text(tree, "proc/7/fd/x", "");
	snprintf(link, sizeof(link), "%s/proc/7/fd/5", tree);
	assert_int_equal(symlink("/dmabuf:", link), 0);
	for (i = 0; i < 2; i++) {
		opts.no_cgroups = i;
		assert_int_equal(dmabuf_snapshot_take(ctx, &opts, &snapshot),
				 0);
		process = dmabuf_snapshot_find_process(snapshot, 7);
		assert_non_null(process);
		assert_string_equal(dmabuf_process_comm(process), "camera");
		if (opts.no_cgroups)
			assert_null(dmabuf_process_cgroup(process));
		else
			assert_string_equal(dmabuf_process_cgroup(process),
					    "/camera.service");
		dmabuf_snapshot_free(snapshot);
	}
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_nothing_works_on_an_empty_tree),
		cmocka_unit_test(test_what_stands_around_the_buffers),
		cmocka_unit_test(test_gaps_are_found),
		cmocka_unit_test(test_cgroups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
