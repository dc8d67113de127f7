// SPDX-License-Identifier: LGPL-2.1-or-later
/* The classic iterator, iter/dmabuf: a file whose reads run a BPF program. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf_object.h"
#include "cleanup.h"
#include "collector.h"
#include "iter_seq.h"
#include "iter_seq.skel.h"
#include "stream.h"

DEFINE_CLEANUP(skel, struct iter_seq_bpf, iter_seq_bpf__destroy)

DEFINE_BPF_SKELETON(iter_seq)

int iter_seq_link(struct dmabuf_ctx *ctx, bool give_address,
		  struct bpf_link **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(iter_seq),
		.needs = ITER_DMABUF_FUNCTION,
		.feature = ITER_DMABUF_FEATURE,
	};
	_cleanup_(skel_cleanup) struct iter_seq_bpf *skel = NULL;
	struct bpf_link *link;
	void *object;
	int r;

	r = bpf_object_load(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	skel->bss->give_address = give_address;
	link = bpf_program__attach_iter(skel->progs.read_buffers, NULL);
	if (!link)
		return why_set(&ctx->why, -errno,
			       "cannot attach the iterator: %s",
			       strerror(errno));
	/* The link keeps the program; the rest of the object is not needed. */
	*ret = link;
	return 0;
}

static int open_iterator(struct dmabuf_ctx *ctx, struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link));

	if (fd < 0)
		return why_set(&ctx->why, fd, "cannot open the iterator: %s",
			       strerror(-fd));
	return fd;
}

int iter_seq_read(struct dmabuf_ctx *ctx, struct bpf_link *link, bool forced,
		  struct dmabuf_snapshot *snapshot)
{
	_cleanup_close_ int fd = -1, again = -1;
	uint64_t bytes;
	int r;

	fd = open_iterator(ctx, link);
	if (fd < 0)
		return fd;
	r = stream_read_records(fd, "iter/dmabuf", snapshot, &bytes, &ctx->why);
	if (r)
		return r;

	again = open_iterator(ctx, link);
	if (again < 0)
		return again;
	return stream_check_cut(again, bytes, forced, snapshot, &ctx->why);
}

static void destroy(void *link)
{
	bpf_link__destroy(link);
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	struct bpf_link *link = ctx->loaded[LOADED_ITER_SEQ].object;
	int r;

	if (!link) {
		r = iter_seq_link(ctx, true, &link);
		if (r)
			return r;
		ctx->loaded[LOADED_ITER_SEQ].object = link;
		ctx->loaded[LOADED_ITER_SEQ].destroy = destroy;
	}
	return iter_seq_read(ctx, link, forced, snapshot);
}

const struct dmabuf_collector collector_iter_seq = {
	.name = "iter_seq",
	.misses = "which processes hold a buffer; more than 32 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.collect = collect,
};
