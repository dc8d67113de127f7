// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The open-coded iterator of v6.16 and later: a BPF program steps from buffer
 * to buffer and writes records into an array. The kernel holds a reference to
 * the buffer at hand. Most buffers have no attachments: those of the others are
 * read afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/iter_open.h"
#include "bpf/array.h"
#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/open_files.h"
#include "files/attachments.h"
#include "iter_open.skel.h"

DEFINE_BPF_SKELETON(iter_open)

/* How often buffers are read again when a name changed meanwhile. */
enum { TRIES = 8 };

/*
 * Return: for how many buffers a first program has room. Where many files are
 * open, each may be a buffer: a larger array costs less than a second program.
 * Most may be something else: memory for what is not there is limited.
 */
static uint32_t guess_buffers(void)
{
	enum { MANY = 4 * ROOM, MOST = 32 * ROOM };
	const uint64_t files = count_open_files();
	/* Some come meanwhile. */
	const uint64_t room = files + files / 16;

	if (files < MANY)
		return ROOM;
	return room < MOST ? room : MOST;
}

/*
 * Return: the entries that the array of programs of @ctx gets, or NULL without
 * memory. A program that finds more is loaded again.
 */
static uint32_t *get_room(struct dmabuf_ctx *ctx)
{
	static const char key;
	uint32_t *room = ctx_kept(ctx, &key);

	if (room)
		return room;
	room = malloc(sizeof(*room));
	if (!room)
		return NULL;
	*room = guess_buffers();
	if (!ctx_keep(ctx, &key, room, free))
		return room;
	free(room);
	return NULL;
}

static void set_room(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	const uint32_t *room = get_room(ctx);

	if (room)
		bpf_map__set_max_entries(
			bpf_object__find_map_by_name(object, "records"), *room);
}

static const struct bpf_skeleton skeleton = {
	BPF_SKELETON(iter_open),
	.only = "read_buffers",
	.prepare = set_room,
	.needs = "bpf_iter_dmabuf_new",
	.feature = "open-coded dma-buf iterator (mainline has it since 6.16, "
		   "our patches bring it to 6.12)",
};

/* Loads the program; with the least room when there is no memory for more. */
static int load(struct dmabuf_ctx *ctx, void **ret)
{
	int r = bpf_object_keep(ctx, &skeleton, ret);
	uint32_t *room = r == -ENOMEM ? get_room(ctx) : NULL;

	if (!room || *room <= ROOM)
		return r;
	*room = ROOM;
	return bpf_object_keep(ctx, &skeleton, ret);
}

static int probe(struct dmabuf_ctx *ctx)
{
	void *skel;

	return load(ctx, &skel);
}

static int load_all(struct dmabuf_ctx *ctx)
{
	return probe(ctx) ?: attachments_load(ctx);
}

/*
 * Makes room for what the last pass of @skel saw, and for some that come
 * meanwhile, and drops the program, whose array is too small. Return: whether
 * that was needed.
 */
static bool make_room(struct dmabuf_ctx *ctx, const struct iter_open_bpf *skel)
{
	uint32_t *room = get_room(ctx);
	const uint32_t buffers = skel->bss->buffers;

	if (buffers <= bpf_map__max_entries(skel->maps.records))
		return false;
	if (room && buffers > *room)
		*room = buffers + buffers / 16;
	bpf_object_drop(ctx, &skeleton);
	return true;
}

static int zero_records(void *first, size_t n, void *to)
{
	(void)to;
	memset(first, 0, n * sizeof(struct dmabuf_rec_buffer));
	return 0;
}

/*
 * Runs the program, with room for all buffers. @ret: the program, whose array
 * has the records. The caller takes them, or drops the program: it must not
 * leave them for the next pass.
 */
static int run(struct dmabuf_ctx *ctx, bool again, struct iter_open_bpf **ret)
{
	struct iter_open_bpf *skel;
	int tries = 0, r;
	void *object;

	for (;;) {
		r = load(ctx, &object);
		if (r)
			return r;
		skel = object;
		skel->bss->again = again;
		r = bpf_object_run(ctx, skel->progs.read_buffers);
		if (r)
			return r;
		if (make_room(ctx, skel))
			continue;
		if (!skel->bss->torn || ++tries == TRIES)
			break;
		r = bpf_array_read(skel->maps.records, skel->bss->buffers,
				   zero_records, NULL, &ctx->error);
		if (r)
			return r;
	}
	*ret = skel;
	return 0;
}

/*
 * Moves records before those at @to, and moves @to: the kernel adds new buffers
 * in front, so that the last record is the first by inode number. The array is
 * zeroed for the next pass.
 */
static int take_buffers(void *first, size_t n, void *to)
{
	struct dmabuf_rec_buffer *rec = first, **at = to, *copy = *at;

	for (; n; n--, rec++) {
		*--copy = *rec;
		if (rec->have & SAME_EXPORTER) {
			copy->have &= ~SAME_EXPORTER;
			copy->have |= copy[1].have & DMABUF_HAVE_EXPORTER;
			memcpy(copy->exporter, copy[1].exporter,
			       sizeof(copy->exporter));
		}
		*rec = (struct dmabuf_rec_buffer){};
	}
	*at = copy;
	return 0;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	struct vec *buffers = &snapshot->buffers;
	struct dmabuf_rec_buffer *end;
	struct iter_open_bpf *skel;
	int r;

	(void)forced;
	r = run(ctx, false, &skel);
	if (r)
		return r;
	if (vec_reserve(buffers, skel->bss->buffers))
		r = error_no_memory(&ctx->error);
	buffers->n = r ? 0 : skel->bss->buffers;
	end = vec_end(buffers);
	r = r
		    ?: bpf_array_read(skel->maps.records, buffers->n,
				      take_buffers, &end, &ctx->error);
	if (r)
		bpf_object_drop(ctx, &skeleton);
	return r ?: attachments_read(ctx, snapshot);
}

static int take_seen(void *first, size_t n, void *to)
{
	const struct dmabuf_rec_buffer *rec = first;
	size_t i;

	for (i = 0; i < n; i++)
		recheck_see(to, &rec[i]);
	return 0;
}

static int collect_again(struct dmabuf_ctx *ctx, struct recheck *recheck)
{
	struct iter_open_bpf *skel;
	int r;

	r = run(ctx, true, &skel);
	if (r)
		return r;
	return bpf_array_read(skel->maps.records, skel->bss->buffers, take_seen,
			      recheck, &ctx->error);
}

const struct dmabuf_collector collector_iter_open = {
	.name = "iter_open",
	.misses = "which processes hold a buffer; more than 256 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.probe = probe,
	.collect = collect,
	.collect_again = collect_again,
	.load = load_all,
};
