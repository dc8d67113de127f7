// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names the frames of a snapshot. */
#include <dmabuf/dmabuf.h>
#include <errno.h>
#include <string.h>

#include "core/context.h"
#include "snapshot/snapshot.h"
#include "symbols/symbol.h"
#include "util/cleanup.h"

static_assert(SYMBOL_BUILD_ID == DMABUF_REC_BUILD_ID_LEN &&
		      SYMBOL_NAME == DMABUF_REC_SYMBOL_LEN &&
		      SYMBOL_FILE == DMABUF_REC_FILE_LEN,
	      "they are copied");

/* Whether a frame can be named, and is one of user space, or of the kernel. */
static bool is_of(const struct dmabuf_rec_frame *frame, bool user)
{
	if (!frame->at || frame->symbol[0])
		return false;
	if (!user)
		return !(frame->flags & DMABUF_REC_FRAME_USER);
	return frame->flags & DMABUF_REC_FRAME_FILE;
}

/* Return: 0 or -ENOMEM. */
static int list_places(const struct vec *frames, bool user, struct vec *symbols)
{
	const struct dmabuf_rec_frame *frame = NULL;
	struct symbol symbol = {};

	while ((frame = vec_next(frames, frame))) {
		if (!is_of(frame, user))
			continue;
		symbol.at = frame->at;
		memcpy(symbol.build_id, frame->build_id,
		       sizeof(symbol.build_id));
		if (vec_push(symbols, &symbol))
			return -ENOMEM;
	}
	return 0;
}

static void take_names(struct vec *frames, bool user, const struct vec *symbols)
{
	const struct symbol *symbol = NULL;
	struct dmabuf_rec_frame *frame = NULL;

	while ((frame = vec_next(frames, frame))) {
		if (!is_of(frame, user))
			continue;
		symbol = vec_next(symbols, symbol);
		frame->offset = symbol->offset;
		memcpy(frame->symbol, symbol->name, sizeof(frame->symbol));
		memcpy(frame->file, symbol->file, sizeof(frame->file));
	}
}

static int name_frames(struct dmabuf_ctx *ctx, struct vec *frames, bool user)
{
	_cleanup_(vec_fini) struct vec symbols = VEC_OF(struct symbol);
	int r;

	if (list_places(frames, user, &symbols))
		return error_no_memory(&ctx->error);
	r = user ? symbols_name_user(ctx, symbols.data, symbols.n)
		 : symbols_name_kernel(ctx, symbols.data, symbols.n);
	if (!r)
		take_names(frames, user, &symbols);
	return r;
}

int dmabuf_snapshot_name_frames(struct dmabuf_ctx *ctx,
				struct dmabuf_snapshot *snapshot)
{
	if (!sysroot_is_live(&ctx->sysroot))
		return 0;
	return name_frames(ctx, &snapshot->frames, false)
		       ?: name_frames(ctx, &snapshot->frames, true);
}
