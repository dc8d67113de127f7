// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/stacks.h"

#include <errno.h>
#include <linux/bpf.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "abi/records.h"
#include "births/folder.h"
#include "util/u64.h"

static_assert(sizeof(struct bpf_stack_build_id) == BIRTH_USER_FRAME,
	      "as the kernel fills it");
static_assert(BPF_BUILD_ID_SIZE == DMABUF_REC_BUILD_ID_LEN,
	      "build IDs are copied");

/* Code of the kernel begins at a page, so this of an address is no secret. */
enum { PAGE_MASK = 0xfff };

/* A stack: its number, and where its frames are. */
struct known_stack {
	uint32_t number;
	size_t first, n;
};

void stacks_fini(struct stacks *stacks)
{
	tdestroy(stacks->known, free);
	stacks->known = NULL;
}

/* Return: how many frames so many bytes are, none for an error. */
static size_t count(int16_t bytes, size_t each, size_t most)
{
	const size_t n = bytes > 0 ? bytes / each : 0;

	return n < most ? n : most;
}

static int add_kernel(struct stacks *stacks, const struct birth *birth)
{
	const uint64_t *at = (const void *)(birth + 1);
	struct dmabuf_rec_frame frame = {
		.head = { DMABUF_REC_FRAME, sizeof(frame) },
	};
	const size_t room = stacks->depth + BIRTH_OWN_FRAMES;
	const size_t n = count(birth->kernel_bytes, sizeof(*at), room);
	size_t i;

	for (i = stacks->own; i < n; i++) {
		frame.at = at[i];
		if (i + 1 == room)
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
	const size_t n = count(birth->user_bytes, sizeof(*at), stacks->depth);
	struct dmabuf_rec_frame frame;
	size_t i;

	for (i = 0; i < n; i++) {
		frame = (struct dmabuf_rec_frame){
			.head = { DMABUF_REC_FRAME, sizeof(frame) },
			.flags = DMABUF_REC_FRAME_USER,
			.at = at[i].ip,
		};
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

static bool is_same(const struct dmabuf_rec_frame *a,
		    const struct dmabuf_rec_frame *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (a->at != b->at || a->flags != b->flags ||
		    memcmp(a->build_id, b->build_id, sizeof(a->build_id)))
			return false;
	return true;
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
 * Finds a stack like @new, or adds this one under a number that is free.
 * Return: the stack that the tree has, or NULL when out of memory.
 */
static struct known_stack *find(struct stacks *stacks, struct known_stack *new)
{
	const struct dmabuf_rec_frame *frames = stacks->frames->data;
	struct known_stack **found;

	for (;; new->number++) {
		new->number = new->number ?: 1;
		found = tsearch(new, &stacks->known, compare_numbers);
		if (!found)
			return NULL;
		if (*found == new ||
		    ((*found)->n == new->n &&is_same(frames + (*found)->first,
						     frames + new->first,
						     new->n)))
			return *found;
	}
}

/* Drops the last frames, if there are such ones already. */
static int settle(struct stacks *stacks, size_t first, uint32_t *ret)
{
	struct known_stack *new = malloc(sizeof(*new)), *found;

	if (!new)
		return -ENOMEM;
	*new = (struct known_stack){
		.first = first,
		.n = stacks->frames->n - first,
	};
	new->number = number_of(vec_at(stacks->frames, first), new->n);
	found = find(stacks, new);
	if (found != new) {
		free(new);
		stacks->frames->n = first;
	} else {
		number_frames(stacks, new);
	}
	if (!found)
		return -ENOMEM;
	*ret = found->number;
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
