// SPDX-License-Identifier: LGPL-2.1-or-later
/* Descriptors and mappings of all tasks, read with the kernel's iterators. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/indirect_refs.h"
#include "collect/pid_namespace.h"
#include "collect/proc_maps.h"
#include "snapshot/found_all.h"
#include "snapshot/record_reader.h"
#include "snapshot/released.h"
#include "task_file.skel.h"
#include "task_vma.skel.h"
#include "util/array.h"
#include "util/cleanup.h"

DEFINE_BPF_SKELETON(task_file)
DEFINE_BPF_SKELETON(task_vma)

DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)

static int read_all(struct dmabuf_ctx *ctx, const struct bpf_program *program,
		    struct dmabuf_snapshot *snapshot)
{
	_cleanup_(link_cleanup) struct bpf_link *link = NULL;
	_cleanup_close_ int fd = -1;

	link = bpf_program__attach_iter(program, NULL);
	fd = link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
	if (fd < 0)
		return error_set(&ctx->error, fd,
				 "cannot open the iterator over tasks: %s",
				 strerror(-fd));
	return record_reader_read_all(fd, RECORDS_OF_HOLDERS,
				      "iterator over tasks", snapshot, NULL,
				      &ctx->error);
}

static const struct bpf_skeleton file_skeleton = {
	BPF_SKELETON(task_file),
	.needs = "bpf_iter_task_file",
	.feature = "iterator over the files of tasks",
};

static const struct bpf_skeleton vma_skeleton = {
	BPF_SKELETON(task_vma),
};

/* Linux v5.10 has no iterator over mappings. */
static bool has_vma_iterator(struct dmabuf_ctx *ctx)
{
	return bpf_object_kernel_has(ctx, "bpf_iter_task_vma");
}

static int load(struct dmabuf_ctx *ctx)
{
	void *object;
	int r;

	r = bpf_object_keep(ctx, &file_skeleton, &object);
	if (!r && has_vma_iterator(ctx))
		r = bpf_object_keep(ctx, &vma_skeleton, &object);
	return r ?: indirect_load(ctx);
}

static int read_files(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		      uint32_t *covers)
{
	struct task_file_bpf *skel;
	void *object;
	int r;

	r = bpf_object_keep(ctx, &file_skeleton, &object);
	if (r)
		return r;
	skel = object;
	r = read_all(ctx, skel->progs.read_file, snapshot);
	if (!r && snapshot_take_released(snapshot))
		r = error_no_memory(&ctx->error);
	if (!r)
		*covers |= DMABUF_REC_COVERS(DMABUF_REC_REF_FD);
	return r;
}

static int read_mappings(struct dmabuf_ctx *ctx,
			 struct dmabuf_snapshot *snapshot, uint32_t *covers)
{
	struct task_vma_bpf *skel;
	void *object;
	int r;

	if (!has_vma_iterator(ctx))
		return proc_read_maps(ctx, snapshot, covers);
	r = bpf_object_keep(ctx, &vma_skeleton, &object);
	if (r)
		return r;
	skel = object;
	skel->bss->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	r = read_all(ctx, skel->progs.read_mapping, snapshot);
	if (!r)
		*covers |= DMABUF_REC_COVERS(DMABUF_REC_REF_MAP);
	return r;
}

/* The ways to search for references, the cheapest first. */
static const struct {
	int (*read)(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		    uint32_t *covers);
	uint32_t covers;
} ways[] = {
	{ read_files, DMABUF_REC_COVERS(DMABUF_REC_REF_FD) },
	{ read_mappings, DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) },
	{ indirect_collect, INDIRECT_COVERS },
};

/*
 * Processes outside the reader's PID namespace do not matter when all
 * references are found inside it. Otherwise, no type of reference was searched
 * for in all processes.
 */
static int check_namespace(struct dmabuf_ctx *ctx,
			   struct dmabuf_snapshot *snapshot,
			   struct holders_result *result)
{
	bool all = result->found_all;
	int r = 0;

	if (all || pid_namespace_is_initial(&ctx->sysroot))
		return 0;
	r = found_all_refs(snapshot, &all);
	if (!r && !all) {
		result->covers = 0;
		r = pid_namespace_add_gap(snapshot, "holders");
	}
	return r ? error_no_memory(&ctx->error) : 0;
}

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   const struct holders_request *request,
		   struct holders_result *ret)
{
	struct holders_result result = {};
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(ways); i++) {
		/* Once all references are found, the other ways find none. */
		if (result.found_all)
			result.covers |= ways[i].covers;
		else
			r = ways[i].read(ctx, snapshot, &result.covers);
		if (!r && !request->all_ways && !result.found_all &&
		    i + 1 < ARRAY_SIZE(ways) &&
		    found_all_refs(snapshot, &result.found_all))
			r = error_no_memory(&ctx->error);
	}
	r = r ?: check_namespace(ctx, snapshot, &result);
	if (!r)
		*ret = result;
	return r;
}

const struct dmabuf_collector collector_task_iter = {
	.name = "task_iter",
	.misses = "references other than descriptors, mappings, GEM handles, "
		  "messages, io_urings and V4L2 queues; before 5.12 mappings "
		  "come from /proc",
	.gives = DMABUF_GIVES_HOLDERS,
	.holders = holders,
	.load = load,
};
