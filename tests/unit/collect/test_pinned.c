// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/wait.h>

#include "collect/collector.h"
#include "collect/pinned_file.h"
#include "tests/unit/unit.h"

#define TEXT "7\n4096\nfrom text\nsystem\n"

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

static void add_records(const char *name)
{
	struct {
		struct dmabuf_rec_buffer buffer;
		struct dmabuf_rec_attachment attachment;
	} recs = { unit_buffer(1, 7), unit_attachment(1, 0, 0) };

	strcpy(recs.buffer.name, name);
	recs.buffer.attachments = 1;
	unit_tree_add(tree, PINNED_RECORDS, &recs, sizeof(recs));
}

static int take(struct dmabuf_snapshot **ret)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .collector = "pinned" };

	return dmabuf_snapshot_take(ctx, &opts, ret);
}

static void check_bad(int err, const char *text)
{
	struct dmabuf_snapshot *untouched = (void *)&ctx, *ret = untouched;

	assert_int_equal(take(&ret), err);
	assert_ptr_equal(ret, untouched);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, err);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
}

static void check_count(size_t count)
{
	struct dmabuf_snapshot *snapshot;

	assert_int_equal(take(&snapshot), 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), count);
	dmabuf_snapshot_free(snapshot);
}

/* Checks the name of the only buffer, and what is known of the buffer. */
static void check_good(const char *name, bool knows_refs)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *buffer;
	uint64_t refs;

	assert_int_equal(take(&snapshot), 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	assert_string_equal(dmabuf_snapshot_collector(snapshot), "pinned");
	assert_null(dmabuf_snapshot_next_gap(snapshot, NULL));
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_string_equal(dmabuf_buffer_name(buffer), name);
	assert_int_equal(dmabuf_buffer_refs(buffer, &refs),
			 knows_refs ? 0 : -ENODATA);
	dmabuf_snapshot_free(snapshot);
	/* A failed first try leaves nothing behind. */
	assert_int_equal(dmabuf_ctx_error(ctx)->err, 0);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, "");
}

static void test_none(void **state)
{
	(void)state;
	check_bad(-ENOENT, "/" PINNED_RECORDS ": No such file or directory");
	/* Nothing can be pinned in a recorded tree. */
	assert_string_equal(dmabuf_ctx_error(ctx)->hint, "");
}

static void test_records(void **state)
{
	(void)state;
	add_records("from records");
	check_good("from records", true);
}

static void test_text(void **state)
{
	(void)state;
	unit_tree_add(tree, PINNED_TEXT, TEXT, strlen(TEXT));
	check_good("from text", false);
}

static void test_records_before_text(void **state)
{
	(void)state;
	add_records("from records");
	unit_tree_add(tree, PINNED_TEXT, TEXT, strlen(TEXT));
	check_good("from records", true);
}

/* The text must not be used then: its shorter answer would hide the fault. */
static void test_damaged_records_are_told(void **state)
{
	(void)state;
	unit_tree_add(tree, PINNED_RECORDS, TEXT, strlen(TEXT));
	unit_tree_add(tree, PINNED_TEXT, TEXT, strlen(TEXT));
	check_bad(-EBADMSG, "/" PINNED_RECORDS ": not a record at byte 0");
}

/* Nobody searched for holders: such a file must not claim that. */
static void test_records_of_holders(void **state)
{
	const struct {
		struct dmabuf_rec_buffer buffer;
		struct dmabuf_rec_source source;
	} sources = { unit_buffer(1, 7),
		      { { DMABUF_REC_SOURCE, sizeof(sources.source) },
			.covers = -1,
			.collector = "task_iter" } };
	const struct dmabuf_rec_ref ref = {
		.head = { DMABUF_REC_REF, sizeof(ref) },
		.key = 1,
		.type = DMABUF_REC_REF_FD,
		.pid = 1,
	};
	const struct dmabuf_rec_process process = {
		.head = { DMABUF_REC_PROCESS, sizeof(process) },
		.pid = 1,
	};

	(void)state;
	unit_tree_add(tree, PINNED_RECORDS, &sources, sizeof(sources));
	check_bad(-EBADMSG,
		  "/" PINNED_RECORDS ": unexpected kind of record at byte 136");
	unit_tree_add(tree, PINNED_RECORDS, &ref, sizeof(ref));
	check_bad(-EBADMSG,
		  "/" PINNED_RECORDS ": unexpected kind of record at byte 0");
	unit_tree_add(tree, PINNED_RECORDS, &process, sizeof(process));
	check_bad(-EBADMSG,
		  "/" PINNED_RECORDS ": unexpected kind of record at byte 0");
}

static void test_unknown_records(void **state)
{
	const struct dmabuf_rec unknown = { DMABUF_REC_KIND(36),
					    sizeof(unknown) };

	(void)state;
	unit_tree_add(tree, PINNED_RECORDS, &unknown, sizeof(unknown));
	check_count(0);
}

/* The iterator gives no addresses, so this cannot be one. */
static void test_address(void **state)
{
	struct dmabuf_rec_buffer buffer = unit_buffer(0xabc, 7);
	struct dmabuf_snapshot *snapshot;
	uint64_t address;

	(void)state;
	buffer.have = -1;
	unit_tree_add(tree, PINNED_RECORDS, &buffer, sizeof(buffer));
	assert_int_equal(take(&snapshot), 0);
	assert_int_equal(
		dmabuf_buffer_address(dmabuf_snapshot_next(snapshot, NULL),
				      &address),
		-ENODATA);
	dmabuf_snapshot_free(snapshot);
}

static void test_damaged_text_is_told(void **state)
{
	(void)state;
	unit_tree_add(tree, PINNED_TEXT, TEXT, strlen(TEXT) - 1);
	check_bad(-ENODATA, "/" PINNED_TEXT ": ends inside line 4");
}

static void test_no_buffers(void **state)
{
	(void)state;
	unit_tree_add(tree, PINNED_RECORDS, "", 0);
	check_count(0);
}

/* As another user, because root may read everything. */
static void try_as_nobody(const char *text)
{
	struct dmabuf_snapshot *ret;

	if (!geteuid() && setresuid(65534, 65534, 65534))
		_exit(2);
	_exit(take(&ret) != -EACCES ||
	      strcmp(dmabuf_ctx_error(ctx)->text, text) ||
	      dmabuf_ctx_error(ctx)->hint[0]);
}

/* @path exists, but is not readable; @text is the error. */
static void check_forbidden(const char *path, const char *text)
{
	char full[512];
	int status;
	pid_t pid;

	snprintf(full, sizeof(full), "%s/%s", tree, path);
	assert_int_equal(chmod(full, 0), 0);
	assert_int_equal(chmod(tree, 0755), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		try_as_nobody(text);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		skip();
	assert_int_equal(status, 0);
}

static void test_no_permission(void **state)
{
	(void)state;
	add_records("from records");
	check_forbidden(PINNED_RECORDS,
			"/" PINNED_RECORDS ": Permission denied");
}

/* Android pins only the text: the error is about it, not about records. */
static void test_no_permission_for_text(void **state)
{
	(void)state;
	unit_tree_add(tree, PINNED_TEXT, TEXT, strlen(TEXT));
	check_forbidden(PINNED_TEXT, "/" PINNED_TEXT ": Permission denied");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_records_before_text, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_damaged_records_are_told,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_records_of_holders, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_unknown_records, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_address, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_text_is_told,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_buffers, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_permission, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_permission_for_text,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
