// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The open-coded iterator of v6.16 and later: a BPF program steps from buffer
 * to buffer, the kernel holding each, and packs records into a ring buffer.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf_object.h"
#include "cleanup.h"
#include "collector.h"
#include "iter_open.skel.h"

/* A ring buffer puts 8 bytes before each record, and lies on pages. */
enum { RING_HEAD = 8, RING_LEAST = 64 * 1024, RING_MOST = 1 << 30 };

DEFINE_CLEANUP(ring, struct ring_buffer, ring_buffer__free)

DEFINE_BPF_SKELETON(iter_open)

/* Ownership: @ret is the context's. */
static int load(struct dmabuf_ctx *ctx, struct iter_open_bpf **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(iter_open),
		.needs = "bpf_iter_dmabuf_new",
		.feature = "open-coded dma-buf iterator (mainline has it since "
			   "6.16, our patches bring it to 6.12)",
	};
	void *skel;
	int r;

	r = bpf_object_keep(ctx, LOADED_ITER_OPEN, &skeleton, &skel);
	if (!r)
		*ret = skel;
	return r;
}

static int probe(struct dmabuf_ctx *ctx)
{
	struct iter_open_bpf *skel;

	return load(ctx, &skel);
}

/* Reads all buffers through a ring of @bytes. Return: 0, 1 when it was full. */
static int read_through(struct dmabuf_ctx *ctx, struct iter_open_bpf *skel,
			size_t bytes, struct dmabuf_snapshot *snapshot)
{
	_cleanup_(ring_cleanup) struct ring_buffer *ring = NULL;
	_cleanup_close_ int fd = -1;
	__u32 first = 0;
	int r;

	fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "dmabuf_ring", 0, 0, bytes,
			    NULL);
	if (fd < 0 ||
	    bpf_map_update_elem(bpf_map__fd(skel->maps.rings), &first, &fd, 0))
		return why_set(&ctx->why, errno == ENOMEM ? -ENOBUFS : -errno,
			       "no ring buffer of %zu bytes: %s", bytes,
			       strerror(errno));

	r = bpf_object_run(ctx, skel->progs.read_buffers);
	if (r)
		return r;
	if (skel->bss->full)
		return 1;

	ring = ring_buffer__new(fd, bpf_object_add_record, snapshot, NULL);
	if (!ring)
		return why_set(&ctx->why, errno == ENOMEM ? -ENOBUFS : -errno,
			       "cannot map the ring buffer: %s",
			       strerror(errno));
	return bpf_object_drain(ctx, ring);
}

/* The power of two that has room for @buffers, an attachment to each eighth. */
static size_t ring_size(uint64_t buffers)
{
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
	struct iter_open_bpf *skel;
	size_t size;
	int r;

	(void)forced;
	r = load(ctx, &skel);
	if (r)
		return r;
	r = bpf_object_run(ctx, skel->progs.count_buffers);
	if (r)
		return r;
	r = vec_reserve(&snapshot->buffers, skel->bss->buffers + 16);
	if (r)
		return why_set(&ctx->why, r, "out of memory");

	size = ring_size(skel->bss->buffers + 16);
	do {
		r = read_through(ctx, skel, size, snapshot);
		size *= 2;
	} while (r == 1 && size <= RING_MOST);
	if (r == 1)
		return why_set(&ctx->why, -ENOBUFS,
			       "the records do not fit into %d bytes",
			       RING_MOST);
	return r;
}

const struct dmabuf_collector collector_iter_open = {
	.name = "iter_open",
	.misses = "which processes hold a buffer; more than 256 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.probe = probe,
	.collect = collect,
};
