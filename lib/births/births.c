// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the births that the kernel keeps for us. */
#include "births/births.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "births/cgroup.h"
#include "births/folder.h"
#include "births/readings.h"
#include "births/stacks.h"
#include "snapshot/births.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"
#include "util/now.h"

static_assert(TRACK_GLOB_LEN == DMABUF_REC_GLOB_LEN, "it is copied");

/* Entries that are read at a time, and how often a file is read. */
enum { BATCH = 512, READINGS = 8 };

/* How records are made of births. */
struct reading {
	uint64_t now;
	bool shows_ids; /* the reader numbers processes as the kernel does */
	struct stacks stacks;
};

/* A time that is later than now is one of a birth while births are read. */
static uint64_t age(const struct reading *reading, uint64_t time_ns)
{
	return time_ns < reading->now ? reading->now - time_ns : 0;
}

static int add(struct reading *reading, uint64_t key, const struct birth *birth,
	       struct vec *to)
{
	struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
		.key = key,
		.ino = birth->ino,
		.age_ns = age(reading, birth->time_ns),
		.cgroup = birth->cgroup,
		.pid = reading->shows_ids ? birth->pid : 0,
		.tid = reading->shows_ids ? birth->tid : 0,
		.uid = birth->uid,
	};

	memcpy(rec.comm, birth->comm, sizeof(rec.comm));
	rec.comm[sizeof(rec.comm) - 1] = 0;
	return stacks_add(&reading->stacks, birth, &rec.stack)
		       ?: vec_push(to, &rec);
}

/* A part of the map. @births: values of so many bytes @each. */
struct batch {
	__u64 *keys;
	char *births;
	size_t each;
};

static void batch_fini(struct batch *batch)
{
	free(batch->keys);
	free(batch->births);
}

static int batch_room(struct batch *batch, __u32 n)
{
	batch_fini(batch);
	batch->keys = calloc(n, sizeof(*batch->keys));
	batch->births = calloc(n, batch->each);
	return batch->keys && batch->births ? 0 : -ENOMEM;
}

static int add_batch(struct reading *reading, const struct batch *batch,
		     __u32 n, struct vec *to)
{
	__u32 i;
	int r = 0;

	for (i = 0; !r && i < n; i++)
		r = add(reading, batch->keys[i],
			(const void *)(batch->births + i * batch->each), to);
	return r;
}

/*
 * Reads the map in batches of buckets. Return: 0 or -errno, then an errno of
 * the kernel, or -ENOMEM.
 */
static int read_map(const struct track_maps *maps, struct reading *reading,
		    struct vec *to)
{
	_cleanup_(batch_fini) struct batch batch = { .each = maps->each };
	__u32 place, n, room = BATCH;
	void *at = NULL;
	int r, end;

	r = batch_room(&batch, room);
	while (!r) {
		n = room;
		end = bpf_map_lookup_batch(maps->births, at, &place, batch.keys,
					   batch.births, &n, NULL);
		/* One bucket has more than there is room for. */
		if (end == -ENOSPC) {
			room *= 2;
			r = batch_room(&batch, room);
			continue;
		}
		if (end && end != -ENOENT)
			return end;
		r = add_batch(reading, &batch, n, to);
		if (end == -ENOENT)
			break;
		at = &place;
	}
	return r;
}

static int add_gap(struct dmabuf_snapshot *snapshot, const char *what,
		   const char *why)
{
	char text[DMABUF_REC_WHY_LEN];

	snprintf(text, sizeof(text), "%s%.140s", what, why);
	return snapshot_add_gap(snapshot, "births", 0, text);
}

/* What the kernel could not keep. Return: 0 or -ENOMEM. */
static int add_lost(struct dmabuf_snapshot *snapshot, uint64_t lost)
{
	if (!lost)
		return 0;
	if (lost == DMABUF_REC_LOST_UNKNOWN)
		return snapshot_add_gap(
			snapshot, "births", 0,
			"the kernel may have skipped some; who has CAP_BPF and "
			"CAP_PERFMON is told how many");
	return snapshot_add_gap(snapshot, "births", lost,
				"they were not noted; when there is no room: "
				"dmabuf track on --max N");
}

/* Return: 0 or -ENOMEM. */
static int join(struct dmabuf_snapshot *snapshot)
{
	return add_lost(snapshot, snapshot->track.lost)
		       ?: snapshot_join_births(snapshot)
		       ?: births_add_cgroups(snapshot);
}

static void fill_track(const struct track_state *state,
		       const struct reading *reading,
		       struct dmabuf_snapshot *snapshot)
{
	snapshot->track = (struct dmabuf_rec_track){
		.head = { DMABUF_REC_TRACK, sizeof(snapshot->track) },
		.since_ns = age(reading, state->since_ns),
		.lost = state->lost,
	};
	memcpy(snapshot->track.exporter, state->exporter,
	       sizeof(snapshot->track.exporter));
}

static int read_all(const struct track_maps *maps,
		    const struct track_state *state, bool shows_ids,
		    struct dmabuf_snapshot *snapshot)
{
	struct reading reading = {
		.now = now_kernel_ns(),
		.shows_ids = shows_ids,
		.stacks = { .frames = &snapshot->frames,
			    .depth = state->depth,
			    .own = state->own_frames,
			    .function = state->function },
	};
	int r = read_map(maps, &reading, &snapshot->births);

	stacks_fini(&reading.stacks);
	if (r == -ENOMEM)
		return r;
	if (!r) {
		fill_track(state, &reading, snapshot);
		return join(snapshot);
	}
	snapshot->births.n = snapshot->frames.n = 0;
	return add_gap(snapshot, "cannot read them: ", strerror(-r));
}

/*
 * Whether nothing notes births, or what does is not for this reader: somebody
 * else made the folder, or root keeps births to itself. Births are then not
 * known, and nothing else is missing.
 */
static bool is_not_for_us(int r)
{
	return r == -ENOENT || r == -ENODEV || r == -EPERM || r == -EACCES;
}

/*
 * Keeps what the iterator says, which are no addresses and no stacks. It has
 * the time from the beginning to the birth where an age should be.
 */
static void check_births(uint64_t since_ns, struct vec *births)
{
	struct dmabuf_rec_birth *birth = NULL;

	while ((birth = vec_next(births, birth))) {
		birth->key = birth->stack = 0;
		birth->age_ns =
			birth->age_ns < since_ns ? since_ns - birth->age_ns : 0;
	}
}

/* Opens the iterator, and reads it once. Return: 0 or -errno. */
static int read_once(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	const uint32_t kinds =
		RECORD_BIT(DMABUF_REC_BIRTH) | RECORD_BIT(DMABUF_REC_TRACK);
	_cleanup_close_ int fd = track_reader_open(ctx);
	int r;

	if (fd < 0)
		return fd;
	snapshot->births.n = 0;
	snapshot->track.head.kind = 0;
	r = record_reader_read_all(fd, kinds, "births", snapshot, NULL,
				   &ctx->error);
	if (!r && !snapshot->track.head.kind)
		r = error_set(&ctx->error, -ENODATA, "births: no end");
	if (!r)
		readings_sort(&snapshot->births);
	return r;
}

/*
 * Reads until two readings agree, and no buffer is being made: with kprobes, it
 * counts as lost. Return: 0, -EAGAIN when births change all the time, or
 * another -errno.
 */
static int read_settled(struct dmabuf_ctx *ctx,
			struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec last = VEC_OF(struct dmabuf_rec_birth);
	bool agree = false;
	int r = 0, i;

	for (i = 0; !r && i < READINGS; i++) {
		vec_swap(&last, &snapshot->births);
		r = read_once(ctx, snapshot);
		agree = i && readings_agree(&last, &snapshot->births);
		if (agree && (!snapshot->track.lost ||
			      snapshot->track.lost == DMABUF_REC_LOST_UNKNOWN))
			break;
	}
	return r ?: agree ? 0 : -EAGAIN;
}

/* Reads what is pinned for a group. Return: 0 or -ENOMEM. */
static int read_pinned(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	int r = read_settled(ctx, snapshot);

	if (!r || r == -EAGAIN) {
		check_births(snapshot->track.since_ns, &snapshot->births);
		if (r)
			r = add_gap(snapshot, "",
				    "they change too fast: those of some "
				    "buffers may be missing");
		return r ?: join(snapshot);
	}
	snapshot->births.n = 0;
	snapshot->track = (struct dmabuf_rec_track){};
	if (is_not_for_us(r))
		return 0;
	return r == -ENOMEM ? r
			    : add_gap(snapshot,
				      "cannot read them: ", ctx->error.text);
}

int births_read(struct dmabuf_ctx *ctx, bool shows_ids,
		struct dmabuf_snapshot *snapshot)
{
	_cleanup_(track_maps_fini) struct track_maps maps = TRACK_MAPS_INIT;
	struct track_state state;
	int r;

	if (!sysroot_is_live(&ctx->sysroot))
		return 0;
	r = track_maps_open(ctx, &maps, &state);
	if (!r)
		r = read_all(&maps, &state, shows_ids, snapshot);
	else
		r = is_not_for_us(r) ? read_pinned(ctx, snapshot)
				     : add_gap(snapshot, "", ctx->error.text);
	return r ? error_no_memory(&ctx->error) : 0;
}
