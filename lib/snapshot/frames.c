// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/frames.h"

#include <dmabuf/dmabuf.h>
#include <errno.h>

#include "util/u64.h"

static int compare_frames(const void *left, const void *right)
{
	const struct dmabuf_rec_frame *a = left, *b = right;

	return u64_compare(a->stack, b->stack)
		       ?: u64_compare(a->place, b->place);
}

void snapshot_sort_frames(struct dmabuf_snapshot *snapshot)
{
	vec_sort(&snapshot->frames, compare_frames);
}

static const struct dmabuf_rec_frame *rec(const struct dmabuf_frame *frame)
{
	return (const void *)frame;
}

struct dmabuf_rec_frame *snapshot_first_frame(
	const struct dmabuf_snapshot *snapshot, uint32_t stack)
{
	const struct dmabuf_rec_frame wanted = { .stack = stack };
	struct dmabuf_rec_frame *frame =
		vec_lower_bound(&snapshot->frames, &wanted, compare_frames);

	return frame && frame->stack == stack ? frame : NULL;
}

int dmabuf_birth_stack(const struct dmabuf_birth *birth, uint32_t *ret)
{
	const uint32_t stack = ((const struct dmabuf_rec_birth *)birth)->stack;

	if (!stack)
		return -ENODATA;
	*ret = stack;
	return 0;
}

const struct dmabuf_frame *dmabuf_birth_next_frame(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_birth *birth, const struct dmabuf_frame *prev)
{
	const struct dmabuf_rec_frame *frame;
	uint32_t stack;

	if (dmabuf_birth_stack(birth, &stack))
		return NULL;
	frame = prev ? vec_next(&snapshot->frames, prev)
		     : snapshot_first_frame(snapshot, stack);
	return frame && frame->stack == stack ? (const void *)frame : NULL;
}

bool dmabuf_frame_is_user(const struct dmabuf_frame *frame)
{
	return rec(frame)->flags & DMABUF_REC_FRAME_USER;
}

bool dmabuf_frame_is_cut(const struct dmabuf_frame *frame)
{
	return rec(frame)->flags & DMABUF_REC_FRAME_CUT;
}

const char *dmabuf_frame_symbol(const struct dmabuf_frame *frame,
				uint64_t *offset)
{
	if (!rec(frame)->symbol[0])
		return NULL;
	*offset = rec(frame)->offset;
	return rec(frame)->symbol;
}

const char *dmabuf_frame_file(const struct dmabuf_frame *frame)
{
	return rec(frame)->file[0] ? rec(frame)->file : NULL;
}

const uint8_t *dmabuf_frame_build_id(const struct dmabuf_frame *frame,
				     uint64_t *offset)
{
	if (!(rec(frame)->flags & DMABUF_REC_FRAME_FILE))
		return NULL;
	*offset = rec(frame)->at;
	return rec(frame)->build_id;
}

int dmabuf_frame_address(const struct dmabuf_frame *frame, uint64_t *ret)
{
	if (!dmabuf_frame_is_user(frame) ||
	    rec(frame)->flags & DMABUF_REC_FRAME_FILE)
		return -ENODATA;
	*ret = rec(frame)->at;
	return 0;
}
