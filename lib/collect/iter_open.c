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
#include "files/files.h"
#include "iter_open.skel.h"
#include "util/array.h"

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
 * What a context keeps: the entries that the array of its programs gets, and
 * how many of them the first look had.
 */
struct room {
	uint32_t entries, seen;
};

/*
 * Return: the room of programs of @ctx, or NULL without memory. A program that
 * finds more is loaded again.
 */
static struct room *get_room(struct dmabuf_ctx *ctx)
{
	static const char key;
	struct room *room = ctx_kept(ctx, &key);

	if (room)
		return room;
	room = malloc(sizeof(*room));
	if (!room)
		return NULL;
	*room = (struct room){ .entries = guess_buffers() };
	if (!ctx_keep(ctx, &key, room, free))
		return room;
	free(room);
	return NULL;
}

static void set_room(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	const struct room *room = get_room(ctx);

	if (room)
		bpf_map__set_max_entries(
			bpf_object__find_map_by_name(object, "records"),
			room->entries);
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
	struct room *room = r == -ENOMEM ? get_room(ctx) : NULL;

	if (!room || room->entries <= ROOM)
		return r;
	room->entries = ROOM;
	return bpf_object_keep(ctx, &skeleton, ret);
}

static int probe(struct dmabuf_ctx *ctx)
{
	void *skel;

	return load(ctx, &skel);
}

static int load_all(struct dmabuf_ctx *ctx)
{
	return probe(ctx) ?: files_load(ctx);
}

/*
 * Makes room for what the last pass of @skel saw, and for some that come
 * meanwhile, and drops the program, whose array is too small. Return: whether
 * that was needed.
 */
static bool make_room(struct dmabuf_ctx *ctx, const struct iter_open_bpf *skel)
{
	struct room *room = get_room(ctx);
	const uint32_t n = skel->bss->pass.records;

	if (n <= bpf_map__max_entries(skel->maps.records))
		return false;
	if (room && n > room->entries)
		room->entries = n + n / 16;
	bpf_object_drop(ctx, &skeleton);
	return true;
}

/* Runs the program, with room for all. @ret: it, whose array has the records.
 */
static int run(struct dmabuf_ctx *ctx, bool again, struct iter_open_bpf **ret)
{
	struct iter_open_bpf *skel;
	void *object;
	int r;

	do {
		r = load(ctx, &object);
		if (r)
			return r;
		skel = object;
		skel->bss->pass = (struct open_pass){ .again = again };
		r = bpf_object_run(ctx, skel->progs.read_buffers);
		if (r)
			return r;
	} while (make_room(ctx, skel));
	*ret = skel;
	return 0;
}

/* The bytes of @word that are 0, as 0x80 each; above the first, maybe others.
 */
static uint64_t zero_bytes(uint64_t word)
{
	return (word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL;
}

/*
 * Copies a name up to its NUL: behind that is memory of no meaning. Return: how
 * many bytes it has, in whole words.
 */
static size_t copy_name(const struct open_buffer *seen, char *name)
{
	uint64_t word, zeros = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seen->words) && !zeros; i++) {
		word = seen->words[i];
		zeros = zero_bytes(word);
		if (zeros)
			word &= ((zeros & -zeros) >> 7) - 1;
		memcpy(name + i * sizeof(word), &word, sizeof(word));
	}
	name[i * sizeof(word) - 1] = 0;
	return i * sizeof(word);
}

/* Sets what both looks read of a buffer. */
static void set_numbers(struct buffer *buffer, const struct open_buffer *seen)
{
	buffer->key = seen->key;
	buffer->ino = seen->ino;
	buffer->refs = seen->state >> OPEN_REFS;
}

/**
 * struct taking - where buffers go
 * @texts: where their texts go
 * @end: the place after the next one
 * @like: a buffer as those of the same exporter
 * @torn: a name changed while it was read
 */
struct taking {
	struct texts *texts;
	struct buffer *end;
	struct buffer like;
	bool torn;
};

/* What is known of each buffer in both looks. */
static const struct buffer blank = {
	.name = "",
	.exporter = "",
	.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
		DMABUF_HAVE_REFS,
};

static int take_exporter(struct taking *taking, const struct open_buffer *seen)
{
	char text[DMABUF_REC_EXPORTER_LEN] = "";

	taking->like = blank;
	if (seen->length <= 0)
		return 0;
	taking->like.have |= DMABUF_HAVE_EXPORTER;
	/* Behind the text may be the end of a longer one. */
	strncpy(text, seen->text, sizeof(text) - 1);
	taking->like.exporter = texts_share(taking->texts, text);
	return taking->like.exporter ? 0 : -ENOMEM;
}

static int take_buffer(struct taking *taking, const struct open_buffer *seen)
{
	struct buffer *buffer = --taking->end;
	char *name;

	*buffer = taking->like;
	set_numbers(buffer, seen);
	buffer->bytes = seen->bytes;
	if (seen->state & OPEN_NAME)
		buffer->have |= DMABUF_HAVE_NAME;
	else
		taking->torn = true;
	if (seen->state & OPEN_UNATTACHED)
		buffer->have |= DMABUF_HAVE_ATTACHMENTS;
	if (!seen->name[0])
		return 0;
	buffer->name = name = texts_room(taking->texts, DMABUF_REC_NAME_LEN);
	if (!name)
		return -ENOMEM;
	texts_keep(taking->texts, copy_name(seen, name));
	return 0;
}

/*
 * Writes buffers before the last one: the kernel adds new ones in front, so
 * that the last is the first by inode number.
 */
static int take_buffers(void *first, size_t n, void *to)
{
	const struct open_buffer *seen = first, *end = seen + n;
	int r = 0;

	for (; seen < end && !r; seen++)
		r = seen->key ? take_buffer(to, seen) : take_exporter(to, seen);
	return r;
}

/* Reads all buffers once. They stay in the array: the second look compares. */
static int read_all(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		    bool *torn)
{
	struct vec *buffers = &snapshot->buffers;
	struct room *room = get_room(ctx);
	struct iter_open_bpf *skel;
	struct taking taking = { .texts = &snapshot->texts, .like = blank };
	int r;

	r = room ? run(ctx, false, &skel) : error_no_memory(&ctx->error);
	if (r)
		return r;
	room->seen = skel->bss->pass.records;
	if (vec_reserve_used(buffers, room->seen + 1))
		return error_no_memory(&ctx->error);
	taking.end = vec_at(buffers, room->seen);
	r = bpf_array_read(skel->maps.records, room->seen, take_buffers,
			   &taking, &ctx->error);
	if (r == -ENOMEM)
		return error_no_memory(&ctx->error);
	/* Exporters left some room before them. */
	buffers->n = room->seen - vec_index(buffers, taking.end);
	memmove(buffers->data, taking.end, buffers->n * buffers->each);
	*torn = taking.torn;
	return r;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	bool torn = false;
	int tries = 0, r;

	(void)forced;
	do
		r = read_all(ctx, snapshot, &torn);
	while (!r && torn && ++tries < TRIES);
	return r ?: attachments_read(ctx, snapshot);
}

static int take_seen(void *first, size_t n, void *to)
{
	const struct open_buffer *seen = first, *end = seen + n;
	struct buffer later = blank;

	for (; seen < end; seen++) {
		if (!seen->key)
			continue;
		set_numbers(&later, seen);
		recheck_see(to, &later);
	}
	return 0;
}

static int collect_again(struct dmabuf_ctx *ctx, struct recheck *recheck)
{
	const struct room *room = get_room(ctx);
	struct iter_open_bpf *skel;
	int r;

	r = run(ctx, true, &skel);
	if (r)
		return r;
	recheck->same = room && room->seen == skel->bss->pass.records &&
			!skel->bss->pass.changed;
	if (recheck->same)
		return 0;
	return bpf_array_read(skel->maps.records, skel->bss->pass.records,
			      take_seen, recheck, &ctx->error);
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
