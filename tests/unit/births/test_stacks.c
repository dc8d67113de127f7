// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/bpf.h>

#include "abi/records.h"
#include "births/folder.h"
#include "births/stacks.h"
#include "tests/unit/unit.h"

enum { DEPTH = 3 };

/* A birth as the map has it, with room for four of our own frames. */
struct noted {
	struct birth birth;
	uint64_t kernel[BIRTH_OWN_FRAMES + DEPTH];
	struct bpf_stack_build_id user[DEPTH];
};

static_assert(sizeof(struct noted) ==
		      sizeof(struct birth) + (4 + DEPTH) * 8 + DEPTH * 32,
	      "as birth_size() says");

static struct noted noted_at(uint64_t kernel, uint64_t user)
{
	struct noted noted = {
		.birth = { .kernel_bytes = 4 * sizeof(noted.kernel[0]),
			   .user_bytes = 2 * sizeof(noted.user[0]) },
		.kernel = { 1, 2, kernel, kernel + 0x1010 },
		.user = { { .status = BPF_STACK_BUILD_ID_VALID,
			    .build_id = "abc",
			    .offset = user },
			  { .status = BPF_STACK_BUILD_ID_IP, .ip = 0x7f0123 } },
	};

	return noted;
}

static uint32_t add(struct stacks *stacks, const struct noted *noted)
{
	uint32_t number = 0;

	assert_int_equal(stacks_add(stacks, &noted->birth, &number), 0);
	return number;
}

#define STACKS(of)                                                             \
	{                                                                      \
		.frames = of, .depth = DEPTH, .own = 2                         \
	}

static void test_frames(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = STACKS(&frames);
	const struct noted noted = noted_at(0xffff0000, 0x1234);
	const struct dmabuf_rec_frame *frame;
	uint32_t number;
	size_t i;

	(void)state;
	assert_int_equal(birth_size(DEPTH), sizeof(noted));
	number = add(&stacks, &noted);
	assert_int_not_equal(number, 0);
	assert_int_equal(frames.n, 4);
	frame = frames.data;
	for (i = 0; i < frames.n; i++) {
		assert_int_equal(frame[i].stack, number);
		assert_int_equal(frame[i].place, i);
	}
	assert_int_equal(frame[0].at, 0xffff0000);
	assert_int_equal(frame[0].flags, 0);
	assert_int_equal(frame[2].at, 0x1234);
	assert_int_equal(frame[2].flags,
			 DMABUF_REC_FRAME_USER | DMABUF_REC_FRAME_FILE);
	assert_string_equal(frame[2].build_id, "abc");
	assert_int_equal(frame[3].at, 0x7f0123);
	assert_int_equal(frame[3].flags, DMABUF_REC_FRAME_USER);
	stacks_fini(&stacks);
}

/* Equal stacks share a number, and others do not. */
static void test_shared(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = STACKS(&frames), later = STACKS(&frames);
	struct noted noted = noted_at(0xffff0000, 0x1234), other;
	const uint32_t number = add(&stacks, &noted);
	size_t n = frames.n;

	(void)state;
	assert_int_equal(add(&stacks, &noted), number);
	assert_int_equal(frames.n, n);
	/* Where the kernel is, is no part of the number; but it is another. */
	other = noted_at(0xfffe0000, 0x1234);
	assert_int_equal(add(&stacks, &other), number + 1);
	other = noted_at(0xffff0000, 0x1235);
	assert_int_not_equal(add(&stacks, &other), number);
	assert_int_equal(frames.n, 3 * n);
	assert_int_equal(add(&later, &noted), number);
	stacks_fini(&stacks);
	stacks_fini(&later);
}

/*
 * Code that is in no file may be anywhere, and then all such stacks should have
 * one number. This took minutes when each was compared with all before it.
 */
static void test_many_alike(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = STACKS(&frames);
	enum { MANY = 65536 };
	struct noted noted = noted_at(0xffff0000, 0x1234);
	const uint32_t first = add(&stacks, &noted);
	uint32_t i;

	(void)state;
	for (i = 1; i < MANY; i++) {
		noted.user[1].ip += 0x1000;
		assert_int_equal(add(&stacks, &noted), first + i);
	}
	assert_int_equal(add(&stacks, &noted), first + MANY - 1);
	stacks_fini(&stacks);
}

/* What could not be read is no stack, and too much is cut. */
static void test_odd(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = STACKS(&frames), none = STACKS(&frames);
	struct noted noted = noted_at(0xffff0000, 0x1234);
	const struct dmabuf_rec_frame *frame;

	(void)state;
	noted.birth.kernel_bytes = noted.birth.user_bytes = -14;
	assert_int_equal(add(&stacks, &noted), 0);
	/* Only our own frames. */
	noted.birth.kernel_bytes = 16;
	assert_int_equal(add(&stacks, &noted), 0);
	none.depth = 0;
	noted.birth.kernel_bytes = 32;
	assert_int_equal(add(&none, &noted), 0);
	assert_int_equal(frames.n, 0);

	noted.birth.kernel_bytes = noted.birth.user_bytes = INT16_MAX;
	assert_int_not_equal(add(&stacks, &noted), 0);
	assert_int_equal(frames.n, 2 * DEPTH);
	frame = frames.data;
	assert_int_equal(frame[DEPTH - 2].flags, 0);
	assert_int_equal(frame[DEPTH - 1].flags, DMABUF_REC_FRAME_CUT);
	assert_true(frame[2 * DEPTH - 1].flags & DMABUF_REC_FRAME_CUT);
	stacks_fini(&stacks);
}

/* How many frames call the program is not always the same. */
static void test_function(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = { .frames = &frames,
				 .depth = DEPTH,
				 .own = BIRTH_OWN_FRAMES,
				 .function = 0xffff0000 };
	struct noted noted = noted_at(0xffff0010, 0x1234);
	const struct dmabuf_rec_frame *frame;
	size_t i, n;

	(void)state;
	noted.birth.user_bytes = 0;
	for (i = 0; i <= BIRTH_OWN_FRAMES; i++) {
		for (n = 0; n < ARRAY_SIZE(noted.kernel); n++)
			noted.kernel[n] = n == i ? 0xffff0010 : n + 1;
		noted.birth.kernel_bytes = sizeof(noted.kernel);
		assert_int_not_equal(add(&stacks, &noted), 0);
		assert_int_equal(frames.n, (i + 1) * DEPTH);
		frame = vec_at(&frames, i * DEPTH);
		assert_int_equal(frame[0].at, 0xffff0010);
		assert_int_equal(frame[1].at, i + 2);
		assert_int_equal(frame[1].flags, 0);
		assert_int_equal(frame[DEPTH - 1].flags, DMABUF_REC_FRAME_CUT);
	}
	stacks_fini(&stacks);
}

/* Nothing is told of what cannot be code, nor of its callers. */
static void test_no_code(void **state)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct stacks stacks = STACKS(&frames);
	struct noted noted = noted_at(0xffff0000, 0x1234);

	(void)state;
	noted.birth.user_bytes = 3 * sizeof(noted.user[0]);
	noted.user[1] = noted.user[2] = noted.user[0];
	noted.user[1].offset = 5 - 0x400000ULL;
	assert_int_not_equal(add(&stacks, &noted), 0);
	assert_int_equal(frames.n, 3);
	stacks_fini(&stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_many_alike),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_no_code),
		cmocka_unit_test(test_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
