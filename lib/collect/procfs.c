// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Descriptors and mappings of processes, from /proc. This needs no BPF and
 * works on a recorded tree, but finds only buffers that processes hold.
 */
#include <errno.h>
#include <string.h>

#include "collect/collector.h"
#include "collect/drm_devices.h"
#include "collect/proc_refs.h"
#include "collect/proc_walk.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   bool all_ways, struct holders_result *ret)
{
	struct holders_result result = {};
	int r;

	(void)all_ways;
	r = proc_read_refs(ctx, snapshot, SEES_FD | SEES_MAP, &result.covers);
	if (r)
		return r;
	r = drm_devices_exist(&ctx->sysroot);
	if (!r)
		result.covers |= DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
				 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER);
	else if (r > 0)
		r = snapshot_add_gap(snapshot, "GEM handles", 0,
				     "/proc does not show them");
	if (r)
		return error_no_memory(&ctx->error);
	*ret = result;
	return 0;
}

/*
 * Adds a buffer. Drops duplicates at times: the record with the highest pass
 * remains: that of a descriptor, or else of a mapping that tells the size.
 */
static int add_buffer(struct proc_walk *walk,
		      const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_snapshot *snapshot = walk->snapshot;
	enum { FEW = 1024 };

	if (snapshot->buffers.n >= FEW &&
	    snapshot->buffers.n >= walk->compact_at) {
		if (snapshot_join_buffers(snapshot))
			return -ENOMEM;
		walk->compact_at = snapshot->buffers.n * 2;
	}
	return snapshot_add_buffer(snapshot, buffer);
}

static int show_descriptor(struct proc_walk *walk, const struct proc_task *task,
			   uint64_t fd, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_rec_buffer full = *buffer;

	(void)task;
	(void)fd;
	full.pass = 2;
	return add_buffer(walk, &full);
}

static int show_mapping(struct proc_walk *walk, const struct proc_task *task,
			const struct proc_mapping *mapping)
{
	struct dmabuf_rec_buffer buffer = {
		.head = { DMABUF_REC_BUFFER, sizeof(buffer) },
		.key = mapping->ino,
		.ino = mapping->ino,
		.bytes = mapping->bytes,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_NAME |
			(mapping->has_bytes ? DMABUF_HAVE_SIZE : 0),
		.pass = mapping->has_bytes,
	};

	(void)task;
	memcpy(buffer.name, mapping->name, sizeof(buffer.name));
	return add_buffer(walk, &buffer);
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	static const struct proc_sink sink = { show_descriptor, show_mapping };
	_cleanup_(proc_walk_fini) struct proc_walk walk = {};
	int r;

	proc_walk_init(&walk, ctx, snapshot, &sink);
	r = proc_walk_all(&walk, "processes");
	if (r)
		return r;
	if (!forced && walk.processes_denied && !walk.processes_seen) {
		error_set(&ctx->error, -EACCES,
			  "/proc: permission denied for every process");
		return error_hint_capability(
			&ctx->error, "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
	}
	if (snapshot_add_gap(
		    snapshot, "buffers", 0,
		    "/proc misses those that no process has open or mapped"))
		return error_no_memory(&ctx->error);
	return 0;
}

const struct dmabuf_collector collector_procfs = {
	.name = "procfs",
	.misses = "buffers that no process has open or mapped; GEM handles, "
		  "messages in flight",
	.gives = DMABUF_GIVES_INO | DMABUF_GIVES_SIZE | DMABUF_GIVES_REFS |
		 DMABUF_GIVES_NAME | DMABUF_GIVES_EXPORTER |
		 DMABUF_GIVES_HOLDERS,
	.collect = collect,
	.holders = holders,
};
