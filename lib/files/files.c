// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/files.h"

#include <errno.h>

#include "files/classify.h"
#include "files/exported.h"
#include "files/kinds.h"
#include "files/links.h"
#include "files/recount.h"
#include "files/released.h"
#include "files/searched.h"
#include "files/waiters.h"
#include "snapshot/found_all.h"
#include "snapshot/gaps.h"
#include "util/cleanup.h"

int files_load(struct dmabuf_ctx *ctx)
{
	struct memory *memory;

	return memory_open(ctx, &memory);
}

/* The number of the last keeper that an earlier search has found, or 0. */
static uint32_t last_number(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_keeper *keepers = snapshot->keepers.data;
	const size_t n = snapshot->keepers.n;

	return n ? keepers[n - 1].number : 0;
}

/*
 * What a driver keeps in its own way does not matter when all references are
 * found: many cameras never have a buffer of another device.
 */
static void forget_opaque(struct reach *reach, struct dmabuf_snapshot *snapshot)
{
	bool all = false;

	if (!reach->opaque || reach->error)
		return;
	reach_fail(reach, found_all_refs(snapshot, &all));
	if (all)
		reach->opaque = 0;
}

/* Makes records of what was found. @types: what was searched for. */
static int finish(struct reach *reach, struct dmabuf_snapshot *snapshot,
		  uint32_t types, uint32_t *covers)
{
	const uint32_t base = last_number(snapshot);
	struct dmabuf_rec_ref *ref = NULL;

	while (!reach->error && (ref = vec_next(&reach->refs, ref))) {
		ref->keeper += ref->keeper ? base : 0;
		reach_push(reach, &snapshot->refs, ref);
	}
	forget_opaque(reach, snapshot);
	if (!reach->error)
		reach_fail(reach, searched_tell(reach, snapshot, types, covers)
					  ?: links_give(reach, base, snapshot));
	return reach->error;
}

/* The reference of an object is found once, by whatever search. */
static void note_objects(struct reach *reach,
			 const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_ref *ref = NULL;

	while ((ref = vec_next(&snapshot->refs, ref)))
		if (ref->type == DMABUF_REC_REF_GEM_OBJECT)
			reach_is_new(reach, ref->table);
}

static int prepare(struct reach *reach, const struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_ctx *ctx = reach->ctx;
	int r;

	r = memory_open(ctx, &reach->memory)
		    ?: layout_read_64(ctx, &reach->layout);
	if (r)
		return r;
	note_objects(reach, snapshot);
	return reach->error;
}

/* Goes on without; the reason is a remark for doctor, too. */
static int cannot_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		       const char *what, int r)
{
	if (r == -ENOMEM)
		return r;
	if (snapshot_add_gap(snapshot, what, 0, ctx->error.text))
		return error_no_memory(&ctx->error);
	return 0;
}

/* Return: whether the released buffers that were reached could be read. */
static bool find_released(struct reach *reach, struct dmabuf_snapshot *snapshot)
{
	if (!reach->paths.n)
		return true;
	if (layout_has(&reach->layout, released_needs)) {
		released_find(reach, snapshot);
		reach_fail(reach, memory_error(reach->memory));
		return true;
	}
	reach_fail(reach, snapshot_add_gap(snapshot, "released buffers", 0,
					   "this kernel has no type "
					   "information about them"));
	return false;
}

int files_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		  struct vec *roots, uint32_t *covers)
{
	_cleanup_(reach_fini) struct reach reach = REACH(ctx);
	int r;

	vec_swap(&reach.roots, roots);
	if (!reach.roots.n) {
		*covers |= FILES_COVERS;
		return 0;
	}
	r = prepare(&reach, snapshot);
	if (r)
		return cannot_read(ctx, snapshot, "references of other files",
				   r);
	reach_all(&reach);
	(void)find_released(&reach, snapshot);
	return finish(&reach, snapshot, FILES_COVERS, covers);
}

/* Takes the addresses of buffers. @hidden: how many have none. */
static int take_addresses(const struct vec *buffers, struct vec *addresses,
			  size_t *hidden)
{
	const struct buffer *buffer = NULL;
	int r = 0;

	*hidden = 0;
	while (!r && (buffer = vec_next(buffers, buffer))) {
		if (buffer->have & DMABUF_HAVE_ADDRESS)
			r = vec_push(addresses, &buffer->key);
		else
			++*hidden;
	}
	return r;
}

/*
 * Gives the buffers at these addresses their count of references at the time of
 * the search, and marks those whose count was another one before it.
 */
static void take_counts(struct reach *reach, const struct vec *addresses,
			struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec counts = VEC_OF(uint64_t);
	const uint64_t *address = addresses->data, *count;
	struct buffer *buffer = NULL;
	size_t i = 0;

	recount(reach, addresses, &counts);
	count = counts.data;
	while (i < counts.n && (buffer = vec_next(&snapshot->buffers, buffer)))
		if (buffer->have & DMABUF_HAVE_ADDRESS &&
		    buffer->key == address[i]) {
			if (count[i] && count[i] != buffer->refs) {
				buffer->refs = count[i];
				buffer->have |= DMABUF_HAVE_MOVED;
			}
			i++;
		}
}

/**
 * struct way - a way to search that begins at the buffers themselves
 * @kind: the kind that it looks for
 * @covers: as of struct kind
 * @find: makes keepers of the buffers at these addresses
 */
struct way {
	enum keeper_kind kind;
	uint32_t covers;
	void (*find)(struct reach *reach, const struct vec *addresses);
};

static int find(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		const struct way *way, const struct vec *addresses,
		uint32_t *covers)
{
	_cleanup_(reach_fini) struct reach reach = REACH(ctx);
	int r;

	r = prepare(&reach, snapshot);
	if (r)
		return cannot_read(ctx, snapshot, kinds[way->kind].what, r);
	take_counts(&reach, addresses, snapshot);
	way->find(&reach, addresses);
	reach_all(&reach);
	return finish(&reach, snapshot, way->covers, covers);
}

/* Searches for references to the buffers whose references are not all found. */
static int find_left(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     const struct way *way, uint32_t *covers)
{
	_cleanup_(vec_fini) struct vec buffers = VEC_OF(struct buffer),
				       addresses = VEC_OF(uint64_t);
	size_t hidden;
	int r = 0;

	if (found_all_left(snapshot, &buffers) ||
	    take_addresses(&buffers, &addresses, &hidden) ||
	    (hidden && way->covers &&
	     snapshot_add_gap(snapshot, kinds[way->kind].what, hidden,
			      "the addresses of these buffers are "
			      "not known")))
		return error_no_memory(&ctx->error);
	if (addresses.n)
		r = find(ctx, snapshot, way, &addresses, covers);
	else
		*covers |= way->covers;
	if (hidden)
		*covers &= ~way->covers;
	return r;
}

int files_collect_waiters(struct dmabuf_ctx *ctx,
			  struct dmabuf_snapshot *snapshot, uint32_t *covers)
{
	static const struct way waiters = { KEEPER_BUFFER, WAITERS_COVERS,
					    waiters_find };
	static const struct way exported = { KEEPER_DEVICE, 0, exported_find };
	int r;

	r = find_left(ctx, snapshot, &waiters, covers);
	if (!r && sysroot_has(&ctx->sysroot, "sys/class/drm"))
		r = find_left(ctx, snapshot, &exported, covers);
	return r;
}

int files_collect_released(struct dmabuf_ctx *ctx,
			   struct dmabuf_snapshot *snapshot, struct vec *paths,
			   uint32_t *covers)
{
	_cleanup_(reach_fini) struct reach reach = REACH(ctx);
	bool all = true;
	int r;

	vec_swap(&reach.paths, paths);
	if (reach.paths.n) {
		r = prepare(&reach, snapshot);
		if (r)
			return cannot_read(ctx, snapshot, "released buffers",
					   r);
		all = find_released(&reach, snapshot);
	}
	if (all)
		*covers |= DMABUF_REC_COVERS(DMABUF_REC_REF_PATH);
	return finish(&reach, snapshot, 0, covers);
}
