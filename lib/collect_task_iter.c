// SPDX-License-Identifier: LGPL-2.1-or-later
/* Descriptors and mappings of all tasks, by the kernel's iterators over them.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf_object.h"
#include "cleanup.h"
#include "collector.h"
#include "kept.h"
#include "proc.h"
#include "stream.h"
#include "task_iter.skel.h"

#define TASK_VMA_FUNCTION "bpf_iter_task_vma"

DEFINE_BPF_SKELETON(task_iter)

static void prepare(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	bpf_program__set_autoload(
		bpf_object__find_program_by_name(object, "read_mapping"),
		bpf_object_kernel_has(ctx, TASK_VMA_FUNCTION));
}

/* Ownership: @ret is the context's. */
static int load(struct dmabuf_ctx *ctx, struct task_iter_bpf **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(task_iter),
		.prepare = prepare,
		.needs = "bpf_iter_task_file",
		.feature = "iterator over the files of tasks",
	};
	void *skel;
	int r;

	r = bpf_object_keep(ctx, LOADED_TASK_ITER, &skeleton, &skel);
	if (!r)
		*ret = skel;
	return r;
}

DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)

static int read_all(struct dmabuf_ctx *ctx, const struct bpf_program *program,
		    struct dmabuf_snapshot *snapshot)
{
	_cleanup_(link_cleanup) struct bpf_link *link = NULL;
	_cleanup_close_ int fd = -1;

	link = bpf_program__attach_iter(program, NULL);
	fd = link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
	if (fd < 0)
		return why_set(&ctx->why, fd,
			       "cannot open the iterator over tasks: %s",
			       strerror(-fd));
	return stream_read_records(fd, "iterator over tasks", snapshot, NULL,
				   &ctx->why);
}

static int read_mappings(struct dmabuf_ctx *ctx, struct task_iter_bpf *skel,
			 struct dmabuf_snapshot *snapshot, uint32_t *sees)
{
	int r;

	/* Linux v5.10 has no iterator over them. */
	if (bpf_program__fd(skel->progs.read_mapping) < 0)
		return proc_read_maps(ctx, snapshot, sees);
	r = read_all(ctx, skel->progs.read_mapping, snapshot);
	if (!r)
		*sees |= DMABUF_REC_SEES(DMABUF_REC_HOLD_MAP);
	return r;
}

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *sees)
{
	struct task_iter_bpf *skel;
	int r;

	r = load(ctx, &skel);
	if (r)
		return r;
	skel->bss->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	skel->bss->has_drm = skel->bss->has_video = false;
	skel->bss->has_others = false;
	r = read_all(ctx, skel->progs.read_file, snapshot);
	if (r)
		return r;
	*sees = DMABUF_REC_SEES(DMABUF_REC_HOLD_FD);
	r = read_mappings(ctx, skel, snapshot, sees);
	if (r)
		return r;
	return kept_collect(ctx,
			    (skel->bss->has_others ? KEPT_OTHERS : 0) |
				    (skel->bss->has_drm ? KEPT_DRM : 0) |
				    (skel->bss->has_video ? KEPT_VIDEO : 0),
			    snapshot, sees);
}

const struct dmabuf_collector collector_task_iter = {
	.name = "task_iter",
	.misses = "what is neither in a table of descriptors, mapped, a GEM "
		  "handle, in a message, an io_uring or a V4L2 queue; before "
		  "5.12 mappings come from /proc",
	.gives = DMABUF_GIVES_HOLDERS,
	.holders = holders,
};
