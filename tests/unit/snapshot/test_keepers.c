// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/keepers.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/snapshot/refs.h"

static void add_keeper(struct dmabuf_snapshot *snapshot, uint32_t number,
		       uint32_t in, uint32_t by)
{
	const struct dmabuf_rec_keeper rec = {
		.head = { DMABUF_REC_KEEPER, sizeof(rec) },
		.number = number,
		.in = in,
		.by = by,
		.place = 10 + number,
		.pid = 7,
		.comm = "gst",
		.node = "dri/card0",
	};

	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

/* A buffer that is referred to by one keeper. */
static struct dmabuf_snapshot *kept_by(uint32_t type, uint64_t keeper)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_ref ref = ref_of(1, 7, type, 5, 3);

	add_buffer(snapshot, 1, 4096, 1);
	ref.keeper = keeper;
	add_ref(snapshot, ref);
	return snapshot;
}

static const struct dmabuf_keeper *keeper_of(
	const struct dmabuf_snapshot *snapshot)
{
	return dmabuf_ref_keeper(
		snapshot,
		dmabuf_buffer_next_ref(
			snapshot, dmabuf_snapshot_next(snapshot, NULL), NULL));
}

static struct dmabuf_snapshot *saved_and_loaded(
	struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_snapshot *loaded;
	struct dmabuf_ctx *ctx;
	int fd = memfd_create("test", 0);

	assert_int_equal(dmabuf_ctx_new(NULL, &ctx), 0);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dmabuf_snapshot_load(ctx, fd, &loaded), 0);
	close(fd);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	return loaded;
}

/* In any order, and the same from a file. */
static void test_a_chain(void **state)
{
	struct dmabuf_snapshot *snapshot =
		kept_by(DMABUF_REC_REF_FRAMEBUFFER, 4);
	const struct dmabuf_keeper *keeper;
	int look;

	(void)state;
	add_keeper(snapshot, 4, 2, DMABUF_REC_BY_MESSAGE);
	add_keeper(snapshot, 3, 0, DMABUF_REC_BY_MAP);
	add_keeper(snapshot, 2, 0, DMABUF_REC_BY_FD);
	join(snapshot);
	for (look = 0; look < 2; look++) {
		keeper = keeper_of(snapshot);
		assert_non_null(keeper);
		assert_int_equal(dmabuf_keeper_by(keeper), DMABUF_BY_MESSAGE);
		assert_string_equal(dmabuf_keeper_node(keeper), "dri/card0");
		keeper = dmabuf_keeper_outer(snapshot, keeper);
		assert_non_null(keeper);
		assert_int_equal(dmabuf_keeper_by(keeper), DMABUF_BY_FD);
		assert_int_equal(dmabuf_keeper_place(keeper), 12);
		assert_int_equal(dmabuf_keeper_pid(keeper), 7);
		assert_string_equal(dmabuf_keeper_comm(keeper), "gst");
		assert_null(dmabuf_keeper_outer(snapshot, keeper));
		if (!look)
			snapshot = saved_and_loaded(snapshot);
	}
	dmabuf_snapshot_free(snapshot);
}

/* A file may say that a keeper leads to itself. */
static void test_a_circle_ends(void **state)
{
	struct dmabuf_snapshot *snapshot = kept_by(DMABUF_REC_REF_V4L2, 1);

	(void)state;
	add_keeper(snapshot, 1, 2, DMABUF_REC_BY_MESSAGE);
	add_keeper(snapshot, 2, 1, DMABUF_REC_BY_MESSAGE);
	join(snapshot);
	assert_non_null(keeper_of(snapshot));
	assert_null(dmabuf_keeper_outer(snapshot, keeper_of(snapshot)));
	dmabuf_snapshot_free(snapshot);
}

static void test_none(void **state)
{
	struct dmabuf_snapshot *snapshot = kept_by(DMABUF_REC_REF_V4L2, 9);

	(void)state;
	join(snapshot);
	assert_null(keeper_of(snapshot));
	dmabuf_snapshot_free(snapshot);
}

/* The offset of a mapping is not the number of a keeper. */
static void test_a_mapping_has_none(void **state)
{
	struct dmabuf_snapshot *snapshot = kept_by(DMABUF_REC_REF_MAP, 1);

	(void)state;
	add_keeper(snapshot, 1, 0, DMABUF_REC_BY_FD);
	join(snapshot);
	assert_null(keeper_of(snapshot));
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_chain),
		cmocka_unit_test(test_a_circle_ends),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_a_mapping_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
