// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/mman.h>
#include <unistd.h>

#include "core/context.h"
#include "snapshot/births.h"
#include "tests/unit/snapshot/refs.h"

enum { KEY = 0xffff0000 };

static void add_birth(struct dmabuf_snapshot *snapshot, uint64_t key,
		      uint64_t ino, uint64_t cgroup)
{
	const struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
		.key = key,
		.ino = ino,
		.age_ns = 1000 + ino,
		.cgroup = cgroup,
		.pid = 7,
		.tid = 8,
		.uid = 9,
		.comm = "cam\ner",
	};

	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static void add_cgroup(struct dmabuf_snapshot *snapshot, uint64_t number,
		       const char *path)
{
	struct dmabuf_rec_cgroup rec = {
		.head = { DMABUF_REC_CGROUP, sizeof(rec) },
		.number = number,
	};

	strcpy(rec.path, path);
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static void add_track(struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_track rec = {
		.head = { DMABUF_REC_TRACK, sizeof(rec) },
		.since_ns = 5000,
		.lost = 2,
	};

	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static void join_births(struct dmabuf_snapshot *snapshot)
{
	assert_int_equal(snapshot_join_buffers(snapshot), 0);
	assert_int_equal(snapshot_join_births(snapshot), 0);
}

/* Return: the birth of the buffer with this inode number. */
static const struct dmabuf_birth *birth_of(
	const struct dmabuf_snapshot *snapshot, uint64_t ino)
{
	const struct dmabuf_buffer *buffer = NULL;
	uint64_t number;

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		if (!dmabuf_buffer_ino(buffer, &number) && number == ino)
			return dmabuf_buffer_birth(snapshot, buffer);
	fail_msg("no buffer %ju", (uintmax_t)ino);
	return NULL;
}

static void test_by_address(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_birth *birth;
	uint32_t id = 0;

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	add_buffer(snapshot, 2, 4096, 1);
	add_buffer(snapshot, 3, 4096, 1);
	add_birth(snapshot, KEY + 3, 3, 50);
	add_birth(snapshot, KEY + 1, 1, 40);
	/* A buffer that was freed, and one whose address another has now. */
	add_birth(snapshot, KEY + 9, 9, 40);
	add_birth(snapshot, KEY + 2, 8, 40);
	add_cgroup(snapshot, 50, "");
	add_cgroup(snapshot, 40, "/cam/front");
	join_births(snapshot);

	birth = birth_of(snapshot, 1);
	assert_non_null(birth);
	assert_int_equal(dmabuf_birth_age_ns(birth), 1001);
	assert_int_equal(dmabuf_birth_pid(birth, &id), 0);
	assert_int_equal(id, 7);
	assert_int_equal(dmabuf_birth_tid(birth, &id), 0);
	assert_int_equal(id, 8);
	assert_int_equal(dmabuf_birth_uid(birth), 9);
	assert_string_equal(dmabuf_birth_comm(birth), "cam\ner");
	assert_string_equal(dmabuf_birth_cgroup(snapshot, birth), "/cam/front");
	assert_null(birth_of(snapshot, 2));
	birth = birth_of(snapshot, 3);
	assert_null(dmabuf_birth_cgroup(snapshot, birth));
	assert_int_equal(snapshot->births.n, 2);
	dmabuf_snapshot_free(snapshot);
}

/* A collector without addresses numbers buffers in its own way. */
static void test_by_number(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const uint64_t inos[] = { 5, 6, 6, 7 };
	struct dmabuf_rec_buffer buffer;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		buffer = unit_buffer(1 + i, inos[i]);
		snapshot_add(snapshot, &buffer, sizeof(buffer));
	}
	for (i = 0; i < 4; i++)
		add_birth(snapshot, KEY + i, inos[i], 0);
	/* Two buffers had the number of this one. */
	add_birth(snapshot, KEY + 20, 7, 0);
	join_births(snapshot);
	assert_int_equal(dmabuf_birth_age_ns(birth_of(snapshot, 5)), 1005);
	assert_null(birth_of(snapshot, 6));
	assert_null(birth_of(snapshot, 7));
	dmabuf_snapshot_free(snapshot);
}

/* Who read a birth for a group does not know addresses, whoever reads buffers.
 */
static void test_without_address(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_buffer buffer;
	uint64_t ino;

	(void)state;
	for (ino = 1; ino <= 2; ino++) {
		buffer = unit_buffer(KEY + ino, ino);
		buffer.have |= DMABUF_HAVE_ADDRESS;
		snapshot_add(snapshot, &buffer, sizeof(buffer));
	}
	add_birth(snapshot, 0, 1, 0);
	add_birth(snapshot, KEY + 20, 2, 0);
	join_births(snapshot);
	assert_non_null(birth_of(snapshot, 1));
	assert_null(birth_of(snapshot, 2));
	dmabuf_snapshot_free(snapshot);
}

static void test_unknown(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	uint64_t since = UNTOUCHED, lost = UNTOUCHED;

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	join_births(snapshot);
	assert_null(birth_of(snapshot, 1));
	assert_int_equal(dmabuf_snapshot_births(snapshot, &since, &lost),
			 -ENODATA);
	assert_true(since == UNTOUCHED && lost == UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
}

/* What is saved is there again, without addresses. */
static void test_saved(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new(), *again = NULL;
	struct dmabuf_ctx *ctx = unit_ctx("/nonexistent");
	int fd = memfd_create("births", MFD_CLOEXEC);
	uint64_t since, lost;

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	add_buffer(snapshot, 2, 4096, 1);
	add_birth(snapshot, KEY + 2, 2, 40);
	add_cgroup(snapshot, 40, "/cam");
	add_track(snapshot);
	join_births(snapshot);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dmabuf_snapshot_load(ctx, fd, &again), 0);
	assert_null(birth_of(again, 1));
	assert_int_equal(dmabuf_birth_age_ns(birth_of(again, 2)), 1002);
	assert_string_equal(dmabuf_birth_cgroup(again, birth_of(again, 2)),
			    "/cam");
	assert_int_equal(dmabuf_snapshot_births(again, &since, &lost), 0);
	assert_true(since == 5000 && lost == 2);
	assert_true(
		((struct dmabuf_rec_birth *)vec_at(&again->births, 0))->key <
		KEY);
	close(fd);
	dmabuf_snapshot_free(again);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
}

/* Of exporters that are not wanted, nothing is noted. */
static void test_of_exporter(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_track track = {
		.head = { DMABUF_REC_TRACK, sizeof(track) },
		.since_ns = 5000,
		.exporter = "sys*",
	};
	struct dmabuf_rec_buffer other = unit_buffer(2, 2);
	const struct dmabuf_buffer *buffer;

	(void)state;
	strcpy(other.exporter, "vgem");
	add_buffer(snapshot, 1, 4096, 1);
	snapshot_add(snapshot, &other, sizeof(other));
	join_births(snapshot);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_false(dmabuf_buffer_birth_is_noted(snapshot, buffer));
	snapshot_add(snapshot, &track, sizeof(track));
	assert_string_equal(dmabuf_snapshot_births_exporter(snapshot), "sys*");
	assert_true(dmabuf_buffer_birth_is_noted(snapshot, buffer));
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_false(dmabuf_buffer_birth_is_noted(snapshot, buffer));
	/* A record of the first version. */
	track.head.size = 24;
	snapshot_add(snapshot, &track, sizeof(track));
	assert_null(dmabuf_snapshot_births_exporter(snapshot));
	assert_true(dmabuf_buffer_birth_is_noted(snapshot, buffer));
	dmabuf_snapshot_free(snapshot);
}

static void add_frame(struct dmabuf_snapshot *snapshot, uint32_t stack,
		      uint32_t place, uint32_t flags)
{
	struct dmabuf_rec_frame rec = {
		.head = { DMABUF_REC_FRAME, sizeof(rec) },
		.stack = stack,
		.place = place,
		.flags = flags,
		.at = KEY + place,
		.offset = 5,
		.symbol = "name",
	};

	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

/* Frames are those of the stack, in order, and keep no address of the kernel.
 */
static void test_frames(void **state)
{
	const struct dmabuf_rec_birth birth = {
		.head = { DMABUF_REC_BIRTH, sizeof(birth) },
		.key = KEY + 1,
		.ino = 1,
		.stack = 7,
	};
	struct dmabuf_snapshot *snapshot = snapshot_new(), *again = NULL;
	struct dmabuf_ctx *ctx = unit_ctx("/nonexistent");
	int fd = memfd_create("frames", MFD_CLOEXEC);
	const struct dmabuf_frame *frame;
	uint64_t number;
	uint32_t stack;

	(void)state;
	add_buffer(snapshot, 1, 4096, 1);
	snapshot_add(snapshot, &birth, sizeof(birth));
	add_track(snapshot);
	add_frame(snapshot, 7, 1, DMABUF_REC_FRAME_USER);
	add_frame(snapshot, 8, 0, 0);
	add_frame(snapshot, 6, 0, 0);
	add_frame(snapshot, 7, 0, DMABUF_REC_FRAME_CUT);
	join_births(snapshot);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dmabuf_snapshot_load(ctx, fd, &again), 0);

	assert_int_equal(dmabuf_birth_stack(birth_of(again, 1), &stack), 0);
	assert_int_equal(stack, 7);
	frame = dmabuf_birth_next_frame(again, birth_of(again, 1), NULL);
	assert_false(dmabuf_frame_is_user(frame));
	assert_true(dmabuf_frame_is_cut(frame));
	assert_int_equal(((const struct dmabuf_rec_frame *)frame)->at, 0);
	assert_string_equal(dmabuf_frame_symbol(frame, &number), "name");
	assert_int_equal(number, 5);
	assert_int_equal(dmabuf_frame_address(frame, &number), -ENODATA);
	frame = dmabuf_birth_next_frame(again, birth_of(again, 1), frame);
	assert_true(dmabuf_frame_is_user(frame));
	assert_null(dmabuf_frame_build_id(frame, &number));
	assert_int_equal(dmabuf_frame_address(frame, &number), 0);
	assert_int_equal(number, KEY + 1);
	assert_null(dmabuf_birth_next_frame(again, birth_of(again, 1), frame));
	close(fd);
	dmabuf_snapshot_free(again);
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_address),
		cmocka_unit_test(test_by_number),
		cmocka_unit_test(test_without_address),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_saved),
		cmocka_unit_test(test_of_exporter),
		cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
