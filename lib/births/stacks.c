// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/stacks.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "abi/records.h"
#include "births/folder.h"
#include "symbols/raw_stack.h"
#include "util/u64.h"

static_assert(sizeof(struct bpf_stack_build_id) == BIRTH_USER_FRAME,
	      "as the kernel fills it");
static_assert(BPF_BUILD_ID_SIZE == DMABUF_REC_BUILD_ID_LEN,
	      "build IDs are copied");

/* Code of the kernel begins at a page, so this of an address is no secret. */
enum { PAGE_MASK = 0xfff };

/* dma_buf_export() is smaller. */
enum { FUNCTION_SIZE = 4096 };

/* A stack: its number, and where its frames are. */
struct known_stack {
	const struct vec *frames;
	size_t first, n;
	uint32_t number;
	uint32_t others; /* how many that came later should have had it */
};

static void keep(void *stack)
{
	(void)stack;
}

void stacks_fini(struct stacks *stacks)
{
	tdestroy(stacks->numbers, keep);
	tdestroy(stacks->known, free);
	stacks->known = stacks->numbers = NULL;
}

/*
 * Return: how many of the first frames are our program and what calls it. What
 * calls a program of a tracepoint depends on the compiler of the kernel, and on
 * how many programs the tracepoint has.
 */
static size_t count_own(const struct stacks *stacks, const uint64_t *at,
			size_t n)
{
	size_t i;

	if (!stacks->function)
		return stacks->own;
	for (i = 0; i < n && i <= stacks->own; i++)
		if (at[i] - stacks->function < FUNCTION_SIZE)
			return i;
	return 0;
}

static int add_kernel(struct stacks *stacks, const struct birth *birth)
{
	const uint64_t *at = (const void *)(birth + 1);
	struct dmabuf_rec_frame frame = {
		.head = { DMABUF_REC_FRAME, sizeof(frame) },
	};
	const size_t n = raw_stack_count(birth->kernel_bytes, sizeof(*at),
					 stacks->depth + stacks->own);
	const size_t own = count_own(stacks, at, n), end = own + stacks->depth;
	size_t i;

	for (i = own; i < n && i < end; i++) {
		frame.at = at[i];
		if (i + 1 == end)
			frame.flags |= DMABUF_REC_FRAME_CUT;
		if (vec_push(stacks->frames, &frame))
			return -ENOMEM;
	}
	return 0;
}

static int add_user(struct stacks *stacks, const struct birth *birth)
{
	const struct bpf_stack_build_id *at =
		(const void *)((const char *)(birth + 1) +
			       birth_kernel_size(stacks->depth));
	const size_t n =
		raw_stack_count(birth->user_bytes, sizeof(*at), stacks->depth);
	struct dmabuf_rec_frame frame;
	size_t i;

	for (i = 0; i < n; i++) {
		frame = (struct dmabuf_rec_frame){
			.head = { DMABUF_REC_FRAME, sizeof(frame) },
			.flags = DMABUF_REC_FRAME_USER,
			.at = at[i].ip,
		};
		if (raw_stack_is_no_code(&at[i]))
			break;
		if (at[i].status == BPF_STACK_BUILD_ID_VALID) {
			frame.flags |= DMABUF_REC_FRAME_FILE;
			frame.at = at[i].offset;
			memcpy(frame.build_id, at[i].build_id,
			       sizeof(frame.build_id));
		}
		if (i + 1 == stacks->depth)
			frame.flags |= DMABUF_REC_FRAME_CUT;
		if (vec_push(stacks->frames, &frame))
			return -ENOMEM;
	}
	return 0;
}

static uint32_t mix(uint32_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619;
	return hash;
}

/* Return: a number of some frames, without what differs between processes. */
static uint32_t number_of(const struct dmabuf_rec_frame *frame, size_t n)
{
	uint32_t hash = 2166136261;
	uint64_t at;

	for (; n; n--, frame++) {
		at = frame->at;
		if (!(frame->flags & DMABUF_REC_FRAME_FILE))
			at &= PAGE_MASK;
		hash = mix(hash, &at, sizeof(at));
		hash = mix(hash, frame->build_id, sizeof(frame->build_id));
	}
	return hash ?: 1;
}

static int compare_frames(const struct dmabuf_rec_frame *a,
			  const struct dmabuf_rec_frame *b)
{
	return u64_compare(a->at, b->at)
		       ?: u64_compare(a->flags, b->flags)
		       ?: memcmp(a->build_id, b->build_id, sizeof(a->build_id));
}

static int compare_stacks(const void *left, const void *right)
{
	const struct known_stack *a = left, *b = right;
	size_t i;
	int r = u64_compare(a->n, b->n);

	for (i = 0; !r && i < a->n; i++)
		r = compare_frames(vec_at(a->frames, a->first + i),
				   vec_at(b->frames, b->first + i));
	return r;
}

static int compare_numbers(const void *left, const void *right)
{
	const struct known_stack *a = left, *b = right;

	return u64_compare(a->number, b->number);
}

static void number_frames(struct stacks *stacks, const struct known_stack *new)
{
	struct dmabuf_rec_frame *frame = vec_at(stacks->frames, new->first);
	size_t i;

	for (i = 0; i < new->n; i++) {
		frame[i].stack = new->number;
		frame[i].place = i;
	}
}

/*
 * Lets a stack have its number, or a free one behind it. Any number of stacks
 * may want the same: it is not searched from the beginning each time. Return: 0
 * or -ENOMEM.
 */
static int take_number(struct stacks *stacks, struct known_stack *new)
{
	struct known_stack **found, *first = NULL;

	for (;;) {
		found = tsearch(new, &stacks->numbers, compare_numbers);
		if (!found)
			return -ENOMEM;
		if (*found == new)
			return 0;
		first = first ?: *found;
		new->number = first->number + ++first->others ?: 1;
	}
}

/* Drops the last frames, if there are such ones already. */
static int settle(struct stacks *stacks, size_t first, uint32_t *ret)
{
	struct known_stack *new = malloc(sizeof(*new)), **found;

	if (!new)
		return -ENOMEM;
	*new = (struct known_stack){
		.frames = stacks->frames,
		.first = first,
		.n = stacks->frames->n - first,
	};
	found = tsearch(new, &stacks->known, compare_stacks);
	if (!found || *found != new) {
		free(new);
		stacks->frames->n = first;
		*ret = found ? (*found)->number : 0;
		return found ? 0 : -ENOMEM;
	}
	new->number = number_of(vec_at(stacks->frames, first), new->n);
	if (take_number(stacks, new))
		return -ENOMEM;
	number_frames(stacks, new);
	*ret = new->number;
	return 0;
}

int stacks_add(struct stacks *stacks, const struct birth *birth, uint32_t *ret)
{
	const size_t first = stacks->frames->n;

	*ret = 0;
	if (!stacks->depth)
		return 0;
	if (add_kernel(stacks, birth) || add_user(stacks, birth))
		return -ENOMEM;
	return first < stacks->frames->n ? settle(stacks, first, ret) : 0;
}
