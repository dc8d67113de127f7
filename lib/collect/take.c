// SPDX-License-Identifier: LGPL-2.1-or-later
/* Takes a snapshot with the best collectors that work. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "collect/process_cgroup.h"
#include "collect/collector.h"
#include "collect/registry.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/ledger.h"
#include "snapshot/recheck.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

static int collect(struct dmabuf_ctx *ctx,
		   const struct dmabuf_collector *collector, bool forced,
		   struct dmabuf_snapshot **ret)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct timespec now;
	int r;

	snapshot = snapshot_new();
	if (!snapshot)
		return error_no_memory(&ctx->error);

	clock_gettime(CLOCK_REALTIME, &now);
	snapshot->time_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	(void)sysroot_read_line(&ctx->sysroot, "proc/sys/kernel/osrelease",
				snapshot->kernel, sizeof(snapshot->kernel));
	strcpy(snapshot->collector, collector->name);

	r = collector->collect(ctx, forced, snapshot);
	if (r)
		return r;
	r = snapshot_join_buffers(snapshot)
		    ?: snapshot_find_gaps(snapshot, collector->gives);
	if (r)
		return error_no_memory(&ctx->error);

	*ret = take_ptr(snapshot);
	return 0;
}

int dmabuf_collector_probe(struct dmabuf_ctx *ctx,
			   const struct dmabuf_collector *collector)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	uint32_t covers = 0;

	ctx->error = (struct dmabuf_error){};
	if (collector->probe)
		return collector->probe(ctx);
	if (!collector->collect) {
		snapshot = snapshot_new();
		if (!snapshot)
			return error_no_memory(&ctx->error);
		return collector->holders(ctx, snapshot, &covers);
	}
	return collect(ctx, collector, false, &snapshot);
}

/* Is there, and kept from us; the most useful thing to say when all fail. */
static bool is_forbidden(int r)
{
	return r == -EPERM || r == -EACCES;
}

/* The buffers, by the collector that is @forced, or by the best that works. */
static int take_buffers(struct dmabuf_ctx *ctx,
			const struct dmabuf_collector *forced,
			const struct dmabuf_collector **used,
			struct dmabuf_snapshot **ret)
{
	const struct dmabuf_collector *collector = NULL;
	struct dmabuf_error first = {};
	int r;

	if (forced && forced->collect) {
		*used = forced;
		return collect(ctx, forced, true, ret);
	}
	while ((collector = dmabuf_collector_next(collector))) {
		if (!collector->collect)
			continue;
		*used = collector;
		r = collect(ctx, collector, false, ret);
		if (!r || r == -ENOMEM)
			return r;
		if (is_forbidden(r) && !is_forbidden(first.err))
			first = ctx->error;
	}

	if (is_forbidden(first.err)) {
		ctx->error = first;
		return first.err;
	}
	error_set(&ctx->error, -EOPNOTSUPP, "no collector works here");
	return error_hint(&ctx->error, "'dmabuf doctor' says why for each");
}

static int try_holders(struct dmabuf_ctx *ctx,
		       const struct dmabuf_collector *collector,
		       struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_source *source = &snapshot->source;
	const struct snapshot_mark before = snapshot_mark(snapshot);
	uint32_t covers = 0;
	int r;

	r = collector->holders(ctx, snapshot, &covers);
	if (r) {
		snapshot_rewind(snapshot, &before);
		return r;
	}
	source->head =
		(struct dmabuf_rec){ DMABUF_REC_SOURCE, sizeof(*source) };
	source->covers = covers;
	strcpy(source->collector, collector->name);
	return 0;
}

/* That nobody can tell is a gap, unless the one that was asked for fails. */
static int take_holders(struct dmabuf_ctx *ctx,
			const struct dmabuf_collector *forced,
			struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_collector *collector = NULL;
	struct dmabuf_error first = {};
	int r;

	if (forced && forced->holders)
		return try_holders(ctx, forced, snapshot);
	while ((collector = dmabuf_collector_next(collector))) {
		if (!collector->holders)
			continue;
		r = try_holders(ctx, collector, snapshot);
		if (!r || r == -ENOMEM)
			return r;
		if (!first.err)
			first = ctx->error;
	}
	if (snapshot_add_gap(snapshot, "holders", 0, first.text))
		return error_no_memory(&ctx->error);
	return 0;
}

/* Buffers, then holders, then buffers again: what is there both times counts.
 */
static int add_holders(struct dmabuf_ctx *ctx,
		       const struct dmabuf_collector *forced,
		       const struct dmabuf_collector *buffers,
		       struct dmabuf_snapshot *snapshot)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *later = NULL;
	int r;

	r = take_holders(ctx, forced, snapshot);
	if (r)
		return r;
	if (snapshot->source.head.kind) {
		r = collect(ctx, buffers, true, &later);
		if (r)
			return r;
		recheck_drop_gone(snapshot, later);
	}
	if (snapshot_join_refs(snapshot))
		return error_no_memory(&ctx->error);
	process_read_cgroups(&ctx->sysroot, snapshot);
	return 0;
}

/* How often holders are looked for, until two looks have the same doubts. */
enum { LOOKS = 4 };

static bool needs_another_look(const struct dmabuf_snapshot *snapshot)
{
	return has_unexplained(snapshot) ||
	       (snapshot->found_all && refs_changed(snapshot));
}

/*
 * Takes the snapshot again while references seem to be unexplained that only
 * moved: what remains so is certain, or not known. A descriptor that moves from
 * one process to another may be seen in both, and then stand for a reference
 * that is another's: when it moved back in time, nobody can tell.
 */
static int confirm(struct dmabuf_ctx *ctx,
		   const struct dmabuf_collector *forced,
		   const struct dmabuf_collector *buffers,
		   struct dmabuf_snapshot **snapshot)
{
	struct dmabuf_snapshot *before;
	bool certain = !needs_another_look(*snapshot);
	int look, r = 0;

	for (look = 1; look < LOOKS && !certain && !r; look++) {
		before = take_ptr(*snapshot);
		r = collect(ctx, buffers, true, snapshot);
		if (!r) {
			(*snapshot)->in_every_way = true;
			r = add_holders(ctx, forced, buffers, *snapshot);
		}
		certain = !r && recheck_confirm(*snapshot, before);
		dmabuf_snapshot_free(before);
	}
	return r;
}

int dmabuf_snapshot_take(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot_opts *opts,
			 struct dmabuf_snapshot **ret)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	const struct dmabuf_collector *forced = NULL, *used = NULL;
	struct dmabuf_snapshot_opts known;
	int r;

	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");

	if (known.collector) {
		forced = collector_find(known.collector);
		if (!forced)
			return error_set(&ctx->error, -EINVAL,
					 "no collector is called '%s'",
					 known.collector);
	}
	r = take_buffers(ctx, forced, &used, &snapshot);
	if (!r && known.holders)
		r = add_holders(ctx, forced, used, snapshot)
			    ?: confirm(ctx, forced, used, &snapshot);
	if (r)
		return r;
	ctx->error = (struct dmabuf_error){};
	*ret = take_ptr(snapshot);
	return 0;
}
