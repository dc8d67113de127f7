// SPDX-License-Identifier: LGPL-2.1-or-later
/* The classic iterator, iter/dmabuf: a file whose reads run a BPF program. */
#include <bpf/bpf.h>
#include <errno.h>

#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/iter_seq.h"
#include "iter_seq.skel.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"

DEFINE_BPF_SKELETON(iter_seq)

int iter_attach(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		void *object, struct bpf_link **ret)
{
	struct bpf_link *link = bpf_program__attach_iter(
		bpf_object__find_program_by_name(skeleton->object(object),
						 skeleton->only),
		NULL);
	const int err = errno;

	skeleton->destroy(object);
	if (!link)
		return error_set_errno(&ctx->error, -err,
				       "cannot attach the iterator");
	*ret = link;
	return 0;
}

static int link_program(struct dmabuf_ctx *ctx, bool simple, bool give_address,
			struct bpf_link **ret)
{
	const struct bpf_skeleton skeleton = {
		BPF_SKELETON(iter_seq),
		.only = simple ? "read_simple" : "read_buffers",
		.needs = ITER_DMABUF_FUNCTION,
		.feature = ITER_DMABUF_FEATURE,
	};
	struct iter_seq_bpf *skel;
	void *object;
	int r;

	r = bpf_object_load(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	skel->bss->give_address = give_address;
	return iter_attach(ctx, &skeleton, object, ret);
}

int iter_seq_link(struct dmabuf_ctx *ctx, struct bpf_link **ret)
{
	return link_program(ctx, false, false, ret);
}

static int open_iterator(struct dmabuf_ctx *ctx, struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link));

	if (fd < 0)
		return error_set_errno(&ctx->error, fd,
				       "cannot open the iterator");
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
	r = record_reader_read_all(fd, RECORDS_OF_BUFFERS, "iter/dmabuf",
				   snapshot, &bytes, &ctx->error);
	if (r)
		return r;

	again = open_iterator(ctx, link);
	if (again < 0)
		return again;
	return record_reader_check_cut(again, bytes, forced, snapshot,
				       &ctx->error);
}

static void destroy(void *link)
{
	bpf_link__destroy(link);
}

/* Ownership: @ret is the context's. */
static int keep_link(struct dmabuf_ctx *ctx, bool simple, struct bpf_link **ret)
{
	static const char keys[2];
	struct bpf_link *link = ctx_kept(ctx, &keys[simple]);
	int r;

	if (!link) {
		r = link_program(ctx, simple, true, &link);
		if (r)
			return r;
		r = ctx_keep(ctx, &keys[simple], link, destroy);
		if (r) {
			bpf_link__destroy(link);
			return r;
		}
	}
	*ret = link;
	return 0;
}

static int read_by(struct dmabuf_ctx *ctx, bool simple, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	struct bpf_link *link;
	int r;

	r = keep_link(ctx, simple, &link);
	return r ?: iter_seq_read(ctx, link, forced, snapshot);
}

/* Where the kernel cuts the iterator another collector is the one to load. */
static int load(struct dmabuf_ctx *ctx)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct bpf_link *link;
	int r;

	snapshot = snapshot_new();
	if (!snapshot)
		return error_no_memory(&ctx->error);
	r = keep_link(ctx, false, &link);
	return r ?: read_by(ctx, true, false, snapshot);
}

/* Whether the simple program was enough: it skips what it cannot read. */
static bool is_whole(const struct dmabuf_snapshot *snapshot)
{
	const uint32_t all = DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME;
	const struct buffer *buffer = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
		if ((buffer->have & all) != all)
			return false;
	return true;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	const struct snapshot_mark before = snapshot_mark(snapshot);
	int r = read_by(ctx, true, forced, snapshot);

	if (r || is_whole(snapshot))
		return r;
	snapshot_rewind(snapshot, &before);
	return read_by(ctx, false, forced, snapshot);
}

const struct dmabuf_collector collector_iter_seq = {
	.name = "iter_seq",
	.misses = "which processes hold a buffer; more than 32 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.collect = collect,
	.load = load,
};
