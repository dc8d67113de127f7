// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reads the pinned iterators over the files and mappings of tasks. Like the
 * pinned iterator over buffers, they need only permission to read them.
 */
#include <errno.h>
#include <stdio.h>

#include "collect/collector.h"
#include "collect/drm_devices.h"
#include "collect/pid_namespace.h"
#include "collect/pinned_file.h"
#include "snapshot/found_all.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"

#define COVERS DMABUF_REC_COVERS

/* A file and the type of the references in it. */
struct source {
	const char *path;
	uint32_t type;
};

static const struct source fds = { PINNED_FDS, DMABUF_REC_REF_FD };
static const struct source maps = { PINNED_MAPS, DMABUF_REC_REF_MAP };

/*
 * Keeps what such a file may say: whoever made it may have written any
 * reference. It names buffers only by inode number.
 */
static int check_refs(struct dmabuf_ctx *ctx, const struct source *source,
		      struct dmabuf_snapshot *snapshot, size_t first)
{
	struct dmabuf_rec_ref *ref;
	size_t i;

	for (i = first; i < snapshot->refs.n; i++) {
		ref = vec_at(&snapshot->refs, i);
		if (ref->type != source->type)
			return error_set(&ctx->error, -EBADMSG,
					 "/%s: unexpected type of reference",
					 source->path);
		ref->key = 0;
		ref->refs = 1;
	}
	return 0;
}

static int read_source(struct dmabuf_ctx *ctx, const struct source *source,
		       struct dmabuf_snapshot *snapshot, uint32_t *covers)
{
	const struct snapshot_mark mark = snapshot_mark(snapshot);
	_cleanup_close_ int fd = -1;
	char name[64];
	uid_t owner;
	int r;

	snprintf(name, sizeof(name), "/%s", source->path);
	fd = pinned_open(ctx, source->path, &owner);
	if (fd < 0)
		return fd;
	r = pinned_check_owner(ctx, source->path, owner, false, snapshot)
		    ?: record_reader_read_all(fd, RECORD_BIT(DMABUF_REC_REF),
					      name, snapshot, NULL,
					      &ctx->error);
	r = r ?: check_refs(ctx, source, snapshot, mark.refs);
	if (!r)
		*covers |= COVERS(source->type);
	return r;
}

/* A kernel before 5.12 has no iterator over mappings. */
static int read_maps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers)
{
	int r = read_source(ctx, &maps, snapshot, covers);

	if (r != -ENOENT)
		return r;
	ctx->error = (struct dmabuf_error){};
	return snapshot_add_gap(snapshot, "holders", 0,
				"mappings are not pinned")
		       ? error_no_memory(&ctx->error)
		       : 0;
}

/*
 * When all references are found, other ways find none, but what keeps released
 * buffers is not counted as references.
 */
static int find_all(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		    struct holders_result *result)
{
	if (found_all_refs(snapshot, &result->found_all))
		return error_no_memory(&ctx->error);
	if (result->found_all)
		result->covers = ~COVERS(DMABUF_REC_REF_PATH);
	return 0;
}

/* Adds the gaps of an answer that does not explain all references. */
static int find_gaps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers)
{
	int r;

	r = drm_devices_exist(&ctx->sysroot);
	if (!r)
		*covers |= COVERS(DMABUF_REC_REF_GEM_HANDLE) |
			   COVERS(DMABUF_REC_REF_FRAMEBUFFER);
	else if (r > 0)
		r = snapshot_add_gap(snapshot, "GEM handles", 0,
				     "not in pinned files; find them with "
				     "CAP_BPF and CAP_PERFMON");
	if (!r)
		r = snapshot_add_gap(
			snapshot, "other references", 0,
			"in messages, io_urings, V4L2 queues, iterators and "
			"fences: not in pinned files; find them with CAP_BPF "
			"and CAP_PERFMON");
	if (!r && !pid_namespace_is_initial(&ctx->sysroot)) {
		*covers = 0;
		r = pid_namespace_add_gap(snapshot, "holders");
	}
	return r ? error_no_memory(&ctx->error) : 0;
}

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   bool all_ways, struct holders_result *ret)
{
	struct holders_result result = {};
	int r;

	(void)all_ways;
	r = read_source(ctx, &fds, snapshot, &result.covers)
		    ?: find_all(ctx, snapshot, &result);
	if (!r && !result.found_all)
		r = read_maps(ctx, snapshot, &result.covers)
			    ?: find_all(ctx, snapshot, &result);
	if (!r && !result.found_all)
		r = find_gaps(ctx, snapshot, &result.covers);
	if (!r)
		*ret = result;
	return r;
}

const struct dmabuf_collector collector_pinned_holders = {
	.name = "pinned_holders",
	.misses = "references other than descriptors and mappings",
	.gives = DMABUF_GIVES_HOLDERS,
	.holders = holders,
};
