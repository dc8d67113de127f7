// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names the frames of a snapshot. */
#include <dmabuf/dmabuf.h>
#include <errno.h>
#include <string.h>

#include "core/context.h"
#include "snapshot/frames.h"
#include "symbols/symbol.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Whether a frame can be named, and is one of user space, or of the kernel. */
static bool is_of(const struct dmabuf_rec_frame *frame, bool user)
{
	if (!frame->at || frame->symbol[0])
		return false;
	if (!user)
		return !(frame->flags & DMABUF_REC_FRAME_USER);
	return frame->flags & DMABUF_REC_FRAME_FILE;
}

/* By place, so that each is searched once, however many stacks have it. */
static int compare_places(const void *left, const void *right)
{
	const struct dmabuf_rec_frame *a = *(struct dmabuf_rec_frame **)left;
	const struct dmabuf_rec_frame *b = *(struct dmabuf_rec_frame **)right;

	return u64_compare(a->at, b->at)
		       ?: memcmp(a->build_id, b->build_id, sizeof(a->build_id));
}

static bool is_at(const struct symbol *symbol,
		  const struct dmabuf_rec_frame *frame)
{
	return symbol && symbol->at == frame->at &&
	       !memcmp(symbol->build_id, frame->build_id,
		       sizeof(symbol->build_id));
}

/* Return: 0 or -ENOMEM. */
static int list_places(const struct vec *frames, struct vec *symbols)
{
	struct dmabuf_rec_frame **frame = NULL;
	struct symbol symbol = {}, *last = NULL;

	while ((frame = vec_next(frames, frame))) {
		if (is_at(last, *frame))
			continue;
		symbol.at = (*frame)->at;
		memcpy(symbol.build_id, (*frame)->build_id,
		       sizeof(symbol.build_id));
		if (vec_push(symbols, &symbol))
			return -ENOMEM;
		last = vec_at(symbols, symbols->n - 1);
	}
	return 0;
}

static void take_names(const struct vec *frames, const struct vec *symbols)
{
	const struct symbol *symbol = NULL;
	struct dmabuf_rec_frame **frame = NULL;

	while ((frame = vec_next(frames, frame))) {
		if (!is_at(symbol, *frame))
			symbol = vec_next(symbols, symbol);
		(*frame)->offset = symbol->offset;
		memcpy((*frame)->symbol, symbol->name,
		       sizeof((*frame)->symbol));
		memcpy((*frame)->file, symbol->file, sizeof((*frame)->file));
	}
}

/* Which frames get names: @stacks has @n numbers, or is NULL for all. */
struct choice {
	const struct dmabuf_snapshot *snapshot;
	const uint32_t *stacks;
	size_t n;
};

/* Adds those of a stack from @frame on. Return: 0 or -ENOMEM. */
static int choose_stack(const struct choice *choice, bool user,
			struct dmabuf_rec_frame *frame, struct vec *to)
{
	const uint32_t stack = frame->stack;

	for (; frame && frame->stack == stack;
	     frame = vec_next(&choice->snapshot->frames, frame))
		if (is_of(frame, user) && vec_push(to, &frame))
			return -ENOMEM;
	return 0;
}

static int choose(const struct choice *choice, bool user, struct vec *to)
{
	struct dmabuf_rec_frame *frame = NULL;
	size_t i;
	int r = 0;

	while (!choice->stacks && !r &&
	       (frame = vec_next(&choice->snapshot->frames, frame)))
		r = is_of(frame, user) ? vec_push(to, &frame) : 0;
	for (i = 0; choice->stacks && !r && i < choice->n; i++) {
		frame = snapshot_first_frame(choice->snapshot,
					     choice->stacks[i]);
		r = frame ? choose_stack(choice, user, frame, to) : 0;
	}
	return r;
}

static int name_frames(struct dmabuf_ctx *ctx, const struct choice *choice,
		       bool user)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(
					       struct dmabuf_rec_frame *),
				       symbols = VEC_OF(struct symbol);
	int r;

	if (choose(choice, user, &frames))
		return error_no_memory(&ctx->error);
	vec_sort(&frames, compare_places);
	if (list_places(&frames, &symbols))
		return error_no_memory(&ctx->error);
	r = user ? symbols_name_user(ctx, symbols.data, symbols.n)
		 : symbols_name_kernel(ctx, symbols.data, symbols.n);
	if (!r)
		take_names(&frames, &symbols);
	return r;
}

int dmabuf_snapshot_name_frames(struct dmabuf_ctx *ctx,
				struct dmabuf_snapshot *snapshot,
				const uint32_t *stacks, size_t n)
{
	const struct choice choice = { snapshot, stacks, n };

	if (!sysroot_is_live(&ctx->sysroot))
		return 0;
	return name_frames(ctx, &choice, false)
		       ?: name_frames(ctx, &choice, true);
}
