// SPDX-License-Identifier: LGPL-2.1-or-later
/* Takes a snapshot with the best collectors that work. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "births/births.h"
#include "collect/collector.h"
#include "collect/pid_namespace.h"
#include "collect/process_cgroup.h"
#include "collect/registry.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/ledger.h"
#include "snapshot/recheck.h"
#include "util/cleanup.h"

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
	sysroot_kernel_release(&ctx->sysroot, snapshot->kernel,
			       sizeof(snapshot->kernel));
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
	struct holders_result result;

	ctx->error = (struct dmabuf_error){};
	if (collector->probe)
		return collector->probe(ctx);
	if (!collector->collect) {
		snapshot = snapshot_new();
		if (!snapshot)
			return error_no_memory(&ctx->error);
		return collector->holders(ctx, snapshot, true, &result);
	}
	return collect(ctx, collector, false, &snapshot);
}

static bool is_forbidden(int r)
{
	return r == -EPERM || r == -EACCES;
}

/*
 * Whether @r is a better error to report, if all fail, than @than. A missing
 * capability comes first, then a file that may not be read: nothing may be
 * pinned in a folder that is closed.
 */
static bool tells_more(int r, int than)
{
	return r == -EPERM ? than != -EPERM
			   : r == -EACCES && !is_forbidden(than);
}

/* Takes buffers with the @forced collector, or with the best that works. */
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
		if (tells_more(r, first.err))
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
		       const struct dmabuf_collector *collector, bool all_ways,
		       struct dmabuf_snapshot *snapshot, bool *found_all)
{
	struct dmabuf_rec_source *source = &snapshot->source;
	const struct snapshot_mark before = snapshot_mark(snapshot);
	struct holders_result result;
	int r;

	r = collector->holders(ctx, snapshot, all_ways, &result);
	if (r) {
		snapshot_rewind(snapshot, &before);
		return r;
	}
	source->head =
		(struct dmabuf_rec){ DMABUF_REC_SOURCE, sizeof(*source) };
	source->covers = result.covers;
	strcpy(source->collector, collector->name);
	*found_all = result.found_all;
	return 0;
}

/* When no collector works, @snapshot takes a gap, unless one is @forced. */
static int take_holders(struct dmabuf_ctx *ctx,
			const struct dmabuf_collector *forced, bool all_ways,
			struct dmabuf_snapshot *snapshot, bool *found_all)
{
	const struct dmabuf_collector *collector = NULL;
	struct dmabuf_error first = {};
	int r;

	if (forced && forced->holders)
		return try_holders(ctx, forced, all_ways, snapshot, found_all);
	while ((collector = dmabuf_collector_next(collector))) {
		if (!collector->holders)
			continue;
		r = try_holders(ctx, collector, all_ways, snapshot, found_all);
		if (!r || r == -ENOMEM)
			return r;
		/* For a recorded tree, the reason is that of the last. */
		if (!first.err || !sysroot_is_live(&ctx->sysroot))
			first = ctx->error;
	}
	if (snapshot_add_gap(snapshot, "holders", 0, first.text))
		return error_no_memory(&ctx->error);
	return 0;
}

/* The collectors of a snapshot. */
struct source {
	const struct dmabuf_collector *buffers;
	const struct dmabuf_collector *forced; /* NULL for the best */
};

/* Looks at buffers again. */
static int look_again(struct dmabuf_ctx *ctx,
		      const struct dmabuf_collector *collector,
		      struct recheck *recheck)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *later = NULL;
	const struct buffer *buffer = NULL;
	int r;

	if (collector->collect_again)
		return collector->collect_again(ctx, recheck);
	r = collect(ctx, collector, true, &later);
	if (r)
		return r;
	while ((buffer = vec_next(&later->buffers, buffer)))
		recheck_see(recheck, buffer);
	return 0;
}

/*
 * Takes holders, then buffers again, and keeps the buffers that are there both
 * times. @found_all is left as it is when no collector looked for holders.
 */
static int add_holders(struct dmabuf_ctx *ctx, const struct source *source,
		       bool all_ways, struct dmabuf_snapshot *snapshot,
		       bool *found_all)
{
	struct recheck recheck;
	int r;

	r = take_holders(ctx, source->forced, all_ways, snapshot, found_all);
	if (r)
		return r;
	if (snapshot->source.head.kind) {
		if (recheck_begin(&recheck, snapshot))
			return error_no_memory(&ctx->error);
		r = look_again(ctx, source->buffers, &recheck);
		if (r)
			return r;
		recheck_end(&recheck);
	}
	if (snapshot_join_refs(snapshot))
		return error_no_memory(&ctx->error);
	return 0;
}

/* How many times holders are taken until two results agree. */
enum { LOOKS = 4 };

/*
 * Takes the snapshot again while it has unexplained references: those that only
 * moved from one task to another are explained then. A descriptor that moves
 * may be seen in both tasks and then explain another task's reference. Nobody
 * can tell when it moved back in time.
 */
static int confirm(struct dmabuf_ctx *ctx, const struct source *source,
		   struct dmabuf_snapshot **snapshot)
{
	bool certain = false, found_all;
	int look, r = 0;

	for (look = 1; look < LOOKS && !certain && !r; look++) {
		_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *before =
			take_ptr(*snapshot);

		r = collect(ctx, source->buffers, true, snapshot)
			    ?: add_holders(ctx, source, true, *snapshot,
					   &found_all);
		certain = !r && recheck_confirm(*snapshot, before);
	}
	return r;
}

/*
 * Adds holders, again and in every way when references are unexplained, or
 * changed while the search ended early.
 */
static int add_certain_holders(struct dmabuf_ctx *ctx,
			       const struct source *source,
			       struct dmabuf_snapshot **snapshot)
{
	bool found_all = false;
	int r;

	r = add_holders(ctx, source, false, *snapshot, &found_all);
	/* Another look does not find what cannot be searched. */
	if (r || !searched_all_processes(*snapshot))
		return r;
	if (has_unexplained(*snapshot) ||
	    (found_all && refs_changed(*snapshot)))
		return confirm(ctx, source, snapshot);
	return 0;
}

int dmabuf_snapshot_take(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot_opts *opts,
			 struct dmabuf_snapshot **ret)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct dmabuf_snapshot_opts known;
	struct source source = {};
	int r;

	r = collector_read_opts(ctx, opts, &known, &source.forced);
	if (r)
		return r;
	r = take_buffers(ctx, source.forced, &source.buffers, &snapshot);
	if (!r && known.holders)
		r = add_certain_holders(ctx, &source, &snapshot);
	if (r)
		return r;
	if (known.births &&
	    births_read(ctx, pid_namespace_is_initial(&ctx->sysroot), snapshot))
		return ctx->error.err;
	if (!known.no_cgroups)
		process_read_cgroups(&ctx->sysroot, snapshot);
	ctx->error = (struct dmabuf_error){};
	*ret = take_ptr(snapshot);
	return 0;
}
