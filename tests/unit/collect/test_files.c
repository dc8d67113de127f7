// SPDX-License-Identifier: GPL-2.0-or-later
/* The collectors that read a list in a file system: debugfs and sysfs. */
#include "collect/collector.h"
#include "tests/unit/unit.h"

#define BUFINFO "sys/kernel/debug/dma_buf/bufinfo"
#define BUFFERS "sys/kernel/dmabuf/buffers"

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

static int take(const char *collector, struct dmabuf_snapshot **ret)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .collector = collector };

	return dmabuf_snapshot_take(ctx, &opts, ret);
}

static void check_bad(const char *collector, int err, const char *text)
{
	struct dmabuf_snapshot *untouched = (void *)&ctx, *ret = untouched;

	assert_int_equal(take(collector, &ret), err);
	assert_ptr_equal(ret, untouched);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
}

static void add(const char *path, const char *text)
{
	unit_tree_add(tree, path, text, strlen(text));
}

static void add_stats(const char *ino, const char *size, const char *exporter)
{
	char path[128];

	snprintf(path, sizeof(path), BUFFERS "/%s/size", ino);
	add(path, size);
	snprintf(path, sizeof(path), BUFFERS "/%s/exporter_name", ino);
	add(path, exporter);
}

static void test_nothing_there(void **state)
{
	(void)state;
	check_bad("debugfs", -ENOENT,
		  "/" BUFINFO ": No such file or directory");
	check_bad("sysfs", -ENOENT, "/" BUFFERS ": No such file or directory");
}

static void test_debugfs_bad(void **state)
{
	(void)state;
	add(BUFINFO, "hello\n");
	check_bad("debugfs", -ENODATA,
		  "/" BUFINFO ": truncated: the totals are missing");
}

/* A recorded tree has both; the one that gives more is used. */
static void test_recorded(void **state)
{
	struct dmabuf_ctx *recorded = unit_ctx("tests/data/6.1-shared-root");
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts) };
	struct dmabuf_snapshot *snapshot;

	(void)state;
	assert_int_equal(dmabuf_snapshot_take(recorded, &opts, &snapshot), 0);
	assert_string_equal(dmabuf_snapshot_collector(snapshot), "debugfs");
	assert_int_equal(dmabuf_snapshot_count(snapshot), 6);
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(recorded);
}

static void test_sysfs(void **state)
{
	const struct buffer *rec;
	struct dmabuf_snapshot *snapshot;

	(void)state;
	add_stats("12", "8192\n", "system\n");
	add_stats("3", "4096\n", "with a space\n");
	assert_int_equal(take("sysfs", &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 2);
	rec = vec_at(&snapshot->buffers, 0);
	assert_int_equal(rec->ino, 3);
	assert_int_equal(rec->bytes, 4096);
	assert_string_equal(rec->exporter, "with a space");
	assert_int_equal(rec->have, DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
					    DMABUF_HAVE_EXPORTER);
	rec = vec_at(&snapshot->buffers, 1);
	assert_int_equal(rec->ino, 12);
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	dmabuf_snapshot_free(snapshot);
}

static void test_sysfs_not_recorded(void **state)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;

	(void)state;
	add_stats("3", "4096\n", "system\n");
	add(BUFFERS "/4/size", "4096\n");
	add(BUFFERS "/5/exporter_name", "system\n");
	add(BUFFERS "/6", "no folder\n");
	assert_int_equal(take("sysfs", &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 1);
	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_non_null(gap);
	assert_string_equal(dmabuf_gap_what(gap), "buffers");
	assert_int_equal(dmabuf_gap_count(gap), 3);
	dmabuf_snapshot_free(snapshot);
}

static void test_sysfs_long_exporter(void **state)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;
	char name[128];

	(void)state;
	memset(name, 'x', sizeof(name));
	strcpy(name + 100, "\n");
	add_stats("3", "4096\n", name);
	assert_int_equal(take("sysfs", &snapshot), 0);
	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_non_null(gap);
	assert_string_equal(dmabuf_gap_what(gap), "exporters");
	dmabuf_snapshot_free(snapshot);
}

static void test_sysfs_bad(void **state)
{
	static const struct {
		const char *ino, *size, *exporter;
	} bad[] = {
		{ "3", "many\n", "system\n" },
		{ "3", "\n", "system\n" },
		{ "3", "99999999999999999999\n", "system\n" },
		{ "3", "40960000000000000000000000000000000\n", "system\n" },
		{ "3", "4096\n", "\n" },
		{ "3", "4096\n", "" },
		{ "x", "4096\n", "system\n" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		add_stats(bad[i].ino, bad[i].size, bad[i].exporter);
		snprintf(text, sizeof(text),
			 "/" BUFFERS "/%s: unexpected content", bad[i].ino);
		check_bad("sysfs", -EBADMSG, text);
		add_stats("3", "4096\n", "system\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_nothing_there),      TEST(test_debugfs_bad),
		TEST(test_recorded),	       TEST(test_sysfs),
		TEST(test_sysfs_not_recorded), TEST(test_sysfs_long_exporter),
		TEST(test_sysfs_bad),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
