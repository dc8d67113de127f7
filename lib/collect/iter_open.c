// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The open-coded iterator of v6.16 and later: a BPF program steps from buffer
 * to buffer and puts records into a ring buffer. The kernel holds a reference
 * to the buffer at hand.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/ring.h"
#include "iter_open.skel.h"
#include "util/cleanup.h"

/* A ring buffer adds 8 bytes to each record; its size is in pages. */
enum { RING_HEAD = 8, RING_LEAST = 64 * 1024, RING_MOST = 1 << 30 };

DEFINE_BPF_SKELETON(iter_open)

#define NEEDED "bpf_iter_dmabuf_new"
#define FEATURE                                                                \
	"open-coded dma-buf iterator (mainline has it since 6.16, our "        \
	"patches bring it to 6.12)"

/* For buffers without attachments, and for all buffers. */
static const struct bpf_skeleton simple_skeleton = {
	BPF_SKELETON(iter_open),
	.only = "read_simple",
	.needs = NEEDED,
	.feature = FEATURE,
};
static const struct bpf_skeleton full_skeleton = {
	BPF_SKELETON(iter_open),
	.only = "read_buffers",
	.needs = NEEDED,
	.feature = FEATURE,
};

/* Ownership: @ret is the context's. */
static int load(struct dmabuf_ctx *ctx, bool simple, struct iter_open_bpf **ret)
{
	void *skel;
	int r;

	r = bpf_object_keep(ctx, simple ? &simple_skeleton : &full_skeleton,
			    &skel);
	if (!r)
		*ret = skel;
	return r;
}

static int probe(struct dmabuf_ctx *ctx)
{
	struct iter_open_bpf *skel;

	return load(ctx, true, &skel);
}

static int load_all(struct dmabuf_ctx *ctx)
{
	struct iter_open_bpf *skel;

	return load(ctx, true, &skel) ?: load(ctx, false, &skel);
}

/*
 * Reads all buffers through a ring of @bytes. Return: 0, -errno, or 1 when the
 * program did not return all and says why in its variables.
 */
static int read_through(struct dmabuf_ctx *ctx, struct iter_open_bpf *skel,
			size_t bytes, struct dmabuf_snapshot *snapshot)
{
	const struct bpf_program *program =
		bpf_program__autoload(skel->progs.read_simple)
			? skel->progs.read_simple
			: skel->progs.read_buffers;
	_cleanup_(ring_cleanup) struct ring_buffer *ring = NULL;
	_cleanup_close_ int fd = -1;
	__u32 first = 0;
	int r;

	fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "dmabuf_ring", 0, 0, bytes,
			    NULL);
	if (fd < 0 ||
	    bpf_map_update_elem(bpf_map__fd(skel->maps.rings), &first, &fd, 0))
		return error_set(&ctx->error,
				 errno == ENOMEM ? -ENOBUFS : -errno,
				 "cannot create a ring buffer of %zu bytes: %s",
				 bytes, strerror(errno));

	r = bpf_object_run(ctx, program);
	if (r)
		return r;
	if (skel->bss->full || skel->bss->not_simple)
		return 1;
	r = vec_reserve(&snapshot->buffers, skel->bss->buffers);
	if (r)
		return error_no_memory(&ctx->error);

	return ring_new(ctx, fd, snapshot, &ring) ?: ring_drain(ctx, ring);
}

/*
 * Return: a power of two with room for the buffers of the last pass, a few new
 * ones, and an attachment for every eighth buffer.
 */
static size_t ring_size(const struct iter_open_bpf *skel)
{
	uint64_t buffers = skel->bss->buffers + 16;
	uint64_t bytes =
		buffers * (RING_HEAD + sizeof(struct dmabuf_rec_buffer));
	size_t size = RING_LEAST;

	bytes += buffers / 8 *
		 (RING_HEAD + sizeof(struct dmabuf_rec_attachment));
	while (size < bytes && size < RING_MOST)
		size *= 2;
	return size;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	size_t size, wanted;
	struct iter_open_bpf *skel;
	int r;

	(void)forced;
	r = load(ctx, true, &skel);
	if (r)
		return r;
	size = ring_size(skel);
	while ((r = read_through(ctx, skel, size, snapshot)) == 1) {
		if (skel->bss->not_simple) {
			r = load(ctx, false, &skel);
			if (r)
				return r;
			continue;
		}
		if (size == RING_MOST)
			return error_set(&ctx->error, -ENOBUFS,
					 "the records do not fit into %d bytes",
					 RING_MOST);
		/* As many as there were, or twice as much if that was tried. */
		wanted = ring_size(skel);
		size = wanted > size ? wanted : 2 * size;
	}
	return r;
}

const struct dmabuf_collector collector_iter_open = {
	.name = "iter_open",
	.misses = "which processes hold a buffer; more than 256 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.probe = probe,
	.collect = collect,
	.load = load_all,
};
