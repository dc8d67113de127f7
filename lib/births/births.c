// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the births that the kernel keeps for us. */
#include "births/births.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "births/cgroup.h"
#include "births/folder.h"
#include "births/now.h"
#include "snapshot/births.h"
#include "snapshot/gaps.h"
#include "util/cleanup.h"

/* Entries that are read at a time. */
enum { BATCH = 512 };

/* How ages are made of times. */
struct reading {
	uint64_t now;
	bool shows_ids; /* the reader numbers processes as the kernel does */
};

/* A time that is later than now is one of a birth while births are read. */
static uint64_t age(const struct reading *reading, uint64_t time_ns)
{
	return time_ns < reading->now ? reading->now - time_ns : 0;
}

static int add(const struct reading *reading, const __u64 *keys,
	       const struct birth *births, __u32 n, struct vec *to)
{
	struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
	};
	__u32 i;

	for (i = 0; i < n; i++) {
		rec.key = keys[i];
		rec.ino = births[i].ino;
		rec.age_ns = age(reading, births[i].time_ns);
		rec.cgroup = births[i].cgroup;
		rec.pid = reading->shows_ids ? births[i].pid : 0;
		rec.tid = reading->shows_ids ? births[i].tid : 0;
		rec.uid = births[i].uid;
		memcpy(rec.comm, births[i].comm, sizeof(rec.comm));
		rec.comm[sizeof(rec.comm) - 1] = 0;
		if (vec_push(to, &rec))
			return -ENOMEM;
	}
	return 0;
}

/*
 * Reads the map in batches of buckets. Return: 0 or -errno, then an errno of
 * the kernel, or -ENOMEM.
 */
static int read_map(int map, const struct reading *reading, struct vec *to)
{
	_cleanup_free_ struct birth *births = NULL;
	_cleanup_free_ __u64 *keys = NULL;
	__u32 place, n, room = BATCH;
	void *at = NULL;
	int r = 0, end;

	do {
		free(births);
		free(keys);
		births = calloc(room, sizeof(*births));
		keys = calloc(room, sizeof(*keys));
		if (!births || !keys)
			return -ENOMEM;
		n = room;
		end = bpf_map_lookup_batch(map, at, &place, keys, births, &n,
					   NULL);
		/* One bucket has more than there is room for. */
		if (end == -ENOSPC) {
			room *= 2;
			continue;
		}
		if (end && end != -ENOENT)
			return end;
		r = add(reading, keys, births, n, to);
		at = &place;
	} while (!r && end != -ENOENT);
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
	return snapshot_add_gap(snapshot, "births", lost,
				"they were not noted; when there is no room: "
				"dmabuf track on --max N");
}

static int read_all(const struct track_maps *maps,
		    const struct track_state *state, bool shows_ids,
		    struct dmabuf_snapshot *snapshot)
{
	const struct reading reading = { now_boot_ns(), shows_ids };
	int r = read_map(maps->births, &reading, &snapshot->births);

	if (r && r != -ENOMEM) {
		snapshot->births.n = 0;
		return add_gap(snapshot, "cannot read them: ", strerror(-r));
	}
	if (r)
		return r;
	snapshot->track = (struct dmabuf_rec_track){
		.head = { DMABUF_REC_TRACK, sizeof(snapshot->track) },
		.since_ns = age(&reading, state->since_ns),
		.lost = state->lost,
	};
	return add_lost(snapshot, state->lost)
		       ?: snapshot_join_births(snapshot)
		       ?: births_add_cgroups(snapshot);
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
		r = is_not_for_us(r) ? 0
				     : add_gap(snapshot, "", ctx->error.text);
	return r ? error_no_memory(&ctx->error) : 0;
}
