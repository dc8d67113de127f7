// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/files.h"

#include <errno.h>

#include "files/classify.h"
#include "files/kinds.h"
#include "files/links.h"
#include "snapshot/gaps.h"
#include "util/cleanup.h"

int files_load(struct dmabuf_ctx *ctx)
{
	struct memory *memory;

	return memory_open(ctx, &memory);
}

/* Adds the gaps of one kind. Return: whether it was searched. */
static bool kind_was_searched(struct reach *reach, const struct kind *kind,
			      struct dmabuf_snapshot *snapshot)
{
	const uint32_t bit = 1U << (kind - kinds);
	int r = 0;

	if (reach->cut & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "one file has too many to list");
	if (!r && reach->torn & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "a list changed while it was read");
	if (!r && reach->missing & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "this kernel has no type information "
				     "about them");
	if (r)
		reach->error = error_no_memory(&reach->ctx->error);
	return !(reach->missing & bit);
}

static int search(struct reach *reach, struct dmabuf_snapshot *snapshot,
		  uint32_t *covers)
{
	const struct kind *kind;
	size_t i;

	reach_all(reach);
	for (kind = kinds; kind < kinds + KEEPER_KINDS; kind++)
		if (!reach->error && kind_was_searched(reach, kind, snapshot))
			*covers |= kind->covers;
	for (i = 0; i < reach->refs.n && !reach->error; i++)
		reach_push(reach, &snapshot->refs, vec_at(&reach->refs, i));
	if (!reach->error && links_give(reach, snapshot))
		reach->error = error_no_memory(&reach->ctx->error);
	return reach->error;
}

static int prepare(struct dmabuf_ctx *ctx, struct reach *reach)
{
	int r;

	r = memory_open(ctx, &reach->memory)
		    ?: layout_read(ctx, &reach->layout);
	if (!r)
		memory_begin(reach->memory);
	return r;
}

int files_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		  struct vec *roots, uint32_t *covers)
{
	_cleanup_(reach_fini) struct reach reach = {
		.ctx = ctx,
		.roots = VEC_OF(struct dmabuf_rec_ref),
		.found = VEC_OF(struct found),
		.keepers = VEC_OF(struct keeper),
		.links = VEC_OF(struct link),
		.refs = VEC_OF(struct dmabuf_rec_ref),
	};
	struct dmabuf_error error;
	int r;

	vec_swap(&reach.roots, roots);
	if (!reach.roots.n) {
		*covers |= FILES_COVERS;
		return 0;
	}
	r = prepare(ctx, &reach);
	if (!r)
		return search(&reach, snapshot, covers);
	if (r == -ENOMEM)
		return r;
	/* Goes on without; the reason is a remark for doctor, too. */
	error = ctx->error;
	if (snapshot_add_gap(snapshot, "references of other files", 0,
			     error.text))
		return error_no_memory(&ctx->error);
	return 0;
}
