// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The open-coded iterator of v6.16 and later: a BPF program steps from buffer
 * to buffer and writes records into arrays. The kernel holds a reference to the
 * buffer at hand.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/iter_open.h"
#include "bpf/array.h"
#include "bpf/object.h"
#include "collect/collector.h"
#include "iter_open.skel.h"

DEFINE_BPF_SKELETON(iter_open)

/* The entries of the arrays; a program that finds more is loaded again. */
struct room {
	uint32_t buffers, attached;
};

/* Return: the room that programs of @ctx get, or NULL without memory. */
static struct room *get_room(struct dmabuf_ctx *ctx)
{
	static const char key;
	struct room *room = ctx_kept(ctx, &key);

	if (room)
		return room;
	room = malloc(sizeof(*room));
	if (!room)
		return NULL;
	*room = (struct room){ ROOM, ROOM_ATTACHED };
	if (!ctx_keep(ctx, &key, room, free))
		return room;
	free(room);
	return NULL;
}

static void set_room(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	const struct room *room = get_room(ctx);

	if (!room)
		return;
	bpf_map__set_max_entries(
		bpf_object__find_map_by_name(object, "records"), room->buffers);
	bpf_map__set_max_entries(
		bpf_object__find_map_by_name(object, "attachments"),
		room->attached);
}

#define NEEDED "bpf_iter_dmabuf_new"
#define FEATURE                                                                \
	"open-coded dma-buf iterator (mainline has it since 6.16, our "        \
	"patches bring it to 6.12)"

/* For buffers without attachments, and for all buffers. */
static const struct bpf_skeleton simple_skeleton = {
	BPF_SKELETON(iter_open), .only = "read_simple", .prepare = set_room,
	.needs = NEEDED,	 .feature = FEATURE,
};
static const struct bpf_skeleton full_skeleton = {
	BPF_SKELETON(iter_open), .only = "read_buffers", .prepare = set_room,
	.needs = NEEDED,	 .feature = FEATURE,
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
 * Makes room for what the last pass of @skel saw, and for some that come
 * meanwhile, and drops the program, whose arrays are too small. Return: whether
 * that was needed.
 */
static bool make_room(struct dmabuf_ctx *ctx, const struct iter_open_bpf *skel,
		      bool simple)
{
	struct room *room = get_room(ctx);
	const uint32_t buffers = skel->bss->buffers;
	const uint32_t attached = skel->bss->attached;

	if (buffers <= bpf_map__max_entries(skel->maps.records) &&
	    attached <= bpf_map__max_entries(skel->maps.attachments))
		return false;
	if (room && buffers > room->buffers)
		room->buffers = buffers + buffers / 16;
	if (room && attached > room->attached)
		room->attached = attached + attached / 16;
	bpf_object_drop(ctx, simple ? &simple_skeleton : &full_skeleton);
	return true;
}

/*
 * Runs the program that can read all buffers, with room for them. @ret: the
 * program, whose arrays have the records. The caller takes them, or drops the
 * program: it must not leave them for the next pass.
 */
static int run(struct dmabuf_ctx *ctx, bool again, struct iter_open_bpf **ret)
{
	struct iter_open_bpf *skel;
	/* What needed the full program once may come again. */
	bool simple = !ctx_kept(ctx, &full_skeleton);
	int r;

	for (;;) {
		r = load(ctx, simple, &skel);
		if (r)
			return r;
		skel->bss->again = again;
		r = bpf_object_run(ctx, simple ? skel->progs.read_simple
					       : skel->progs.read_buffers);
		if (r)
			return r;
		if (skel->bss->not_simple) {
			bpf_object_drop(ctx, &simple_skeleton);
			simple = false;
		} else if (!make_room(ctx, skel, simple))
			break;
	}
	*ret = skel;
	return 0;
}

/* Moves records to the snapshot @to. The array is zeroed for the next pass. */
static int take_buffers(void *first, size_t n, void *to)
{
	struct dmabuf_snapshot *snapshot = to;
	struct vec *buffers = &snapshot->buffers;
	struct dmabuf_rec_buffer *rec = first, *last;
	size_t i;

	for (i = 0; i < n; i++, rec++) {
		if (rec->have & SAME_EXPORTER) {
			last = vec_at(buffers, buffers->n - 1);
			rec->have &= ~SAME_EXPORTER;
			rec->have |= last->have & DMABUF_HAVE_EXPORTER;
			memcpy(rec->exporter, last->exporter,
			       sizeof(rec->exporter));
		}
		vec_push(buffers, rec);
		*rec = (struct dmabuf_rec_buffer){};
	}
	return 0;
}

static int take_attachments(void *first, size_t n, void *to)
{
	struct dmabuf_snapshot *snapshot = to;
	struct vec *attachments = &snapshot->attachments;

	memcpy(vec_at(attachments, attachments->n), first,
	       n * attachments->each);
	attachments->n += n;
	return 0;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	struct iter_open_bpf *skel;
	int r;

	(void)forced;
	r = run(ctx, false, &skel);
	if (r)
		return r;
	if (vec_reserve(&snapshot->buffers, skel->bss->buffers) ||
	    vec_reserve(&snapshot->attachments, skel->bss->attached))
		r = error_no_memory(&ctx->error);
	r = r ?: bpf_array_read(skel->maps.records, skel->bss->buffers,
				take_buffers, snapshot, &ctx->error)
		      ?: bpf_array_read(skel->maps.attachments,
					skel->bss->attached, take_attachments,
					snapshot, &ctx->error);
	if (r) {
		bpf_object_drop(ctx, &simple_skeleton);
		bpf_object_drop(ctx, &full_skeleton);
	}
	return r;
}

static int take_seen(void *first, size_t n, void *to)
{
	const struct dmabuf_rec_buffer *rec = first;
	size_t i;

	for (i = 0; i < n; i++)
		glance_add(to, &rec[i]);
	return 0;
}

static int collect_again(struct dmabuf_ctx *ctx, struct vec *seen)
{
	struct iter_open_bpf *skel;
	int r;

	r = run(ctx, true, &skel);
	if (r)
		return r;
	if (vec_reserve(seen, skel->bss->buffers))
		return error_no_memory(&ctx->error);
	return bpf_array_read(skel->maps.records, skel->bss->buffers, take_seen,
			      seen, &ctx->error);
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
