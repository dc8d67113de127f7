// SPDX-License-Identifier: GPL-2.0-or-later
/* Names the frames of some stacks; the file that they are in is this program.
 */
#include "snapshot/frames.h"
#include "symbols/build_id.h"
#include "tests/unit/unit.h"

/* A place in this program; nothing has to be a function there. */
static struct dmabuf_rec_frame frame_at(uint32_t stack, uint64_t at)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct dmabuf_rec_frame frame = {
		.head = { DMABUF_REC_FRAME, sizeof(frame) },
		.stack = stack,
		.flags = DMABUF_REC_FRAME_USER | DMABUF_REC_FRAME_FILE,
		.at = at,
	};

	assert_true(fd >= 0);
	assert_int_equal(build_id_read(fd, frame.build_id), 0);
	close(fd);
	return frame;
}

/* Return: the stacks 7, 8 and 9; those of 8 have places of both others. */
static struct dmabuf_snapshot *three_stacks(void)
{
	const struct dmabuf_rec_frame frames[] = {
		frame_at(7, 0x10), frame_at(8, 0x10), frame_at(8, 0x20),
		frame_at(9, 0x20), frame_at(9, 0x30),
	};
	struct dmabuf_snapshot *snapshot = snapshot_new();
	size_t i;

	assert_non_null(snapshot);
	for (i = 0; i < ARRAY_SIZE(frames); i++)
		assert_int_equal(vec_push(&snapshot->frames, &frames[i]), 0);
	return snapshot;
}

/*
 * Names the frames of the stacks. @wanted: a digit for each frame, 1 when it
 * has a name then.
 */
static void assert_named(struct dmabuf_ctx *ctx,
			 struct dmabuf_snapshot *snapshot,
			 const uint32_t *stacks, size_t n, const char *wanted)
{
	const struct dmabuf_rec_frame *frame = NULL;
	char got[8] = "", *end = got;

	assert_int_equal(dmabuf_snapshot_name_frames(ctx, snapshot, stacks, n),
			 0);
	while ((frame = vec_next(&snapshot->frames, frame)))
		*end++ = frame->file[0] ? '1' : '0';
	assert_string_equal(got, wanted);
}

static void test_only_wanted(void **state)
{
	static const uint32_t none[1], nine[] = { 9 }, others[] = { 9, 5, 7 };
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_ctx *ctx;

	(void)state;
	unit_skip_unless_own_file();
	ctx = unit_ctx("/");
	snapshot = three_stacks();
	assert_named(ctx, snapshot, none, 0, "00000");
	assert_named(ctx, snapshot, nine, 1, "00011");
	assert_named(ctx, snapshot, others, 3, "10011");
	assert_named(ctx, snapshot, NULL, 0, "11111");
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
