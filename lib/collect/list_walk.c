// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A walk of the kernel's own list, for kernels that have no iterator. The BPF
 * program walks a part of the list at a time, into arrays that this file
 * empties. When the list changed under it, this file retries from the same
 * place.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "abi/list_walk.h"
#include "bpf/array.h"
#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/list_head.h"
#include "list_walk.skel.h"
#include "list_walk_typed.skel.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"
#include "util/array.h"
#include "util/capability.h"
#include "util/cleanup.h"

/*
 * If a place stays torn, its node has left the list: after this many tries the
 * walk starts over and keeps the records it has.
 */
enum { TRIES = 32, STARTS = 256 };

DEFINE_BPF_SKELETON(list_walk)
DEFINE_BPF_SKELETON(list_walk_typed)

/* Whether the BPF program looks up symbols; if not, we do. */
static bool kernel_finds(struct dmabuf_ctx *ctx)
{
	return bpf_object_kernel_has(ctx, "bpf_kallsyms_lookup_name");
}

static void find_too(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	bpf_program__set_autoload(
		bpf_object__find_program_by_name(object, "find_symbols"),
		kernel_finds(ctx));
}

static struct list_walk_state *untyped_state(void *skel)
{
	return &((struct list_walk_bpf *)skel)->bss->state;
}

static struct list_walk_state *typed_state(void *skel)
{
	return &((struct list_walk_typed_bpf *)skel)->bss->state;
}

/*
 * A program that walks, for kernels with the functions that it @needs. It ends
 * at a buffer with attachments, and the @full one goes on from there.
 */
struct way {
	struct bpf_skeleton skeleton;
	const char *needs[2];
	struct list_walk_state *(*state)(void *skel);
	const struct way *full;
};

static const struct way typed_full = {
	.skeleton = { BPF_SKELETON(list_walk_typed), .only = "walk_full" },
	.state = typed_state,
};

static const struct way untyped_full = {
	.skeleton = { BPF_SKELETON(list_walk), .only = "walk_full" },
	.state = untyped_state,
};

/*
 * The best first. Since Linux kernel commit 66e13b615a0c ("bpf: verifier:
 * prevent userspace memory access") (in v6.9), typed reads do not touch memory
 * of user space, whose addresses may be in a node that was freed. They also
 * need a JIT compiler that knows them.
 */
static const struct way ways[] = {
	{
		.skeleton = {
			BPF_SKELETON(list_walk_typed),
			.only = "walk_simple",
			.prepare = find_too,
		},
		.needs = { "bpf_rdonly_cast", "bpf_arch_uaddress_limit" },
		.state = typed_state,
		.full = &typed_full,
	},
	{
		.skeleton = {
			BPF_SKELETON(list_walk),
			.only = "walk_simple",
			.prepare = find_too,
		},
		.state = untyped_state,
		.full = &untyped_full,
	},
};

/* Optimization at link time adds it to a static name: db_list.llvm.123. */
static void cut_suffix(char *name, const char *suffix)
{
	char *at = strstr(name, suffix);

	if (at)
		*at = 0;
}

/* Parses a line of /proc/kallsyms: address, type, name, maybe a module. */
static void take_symbol(struct list_walk_state *state, const char *line)
{
	char name[64];
	uint64_t at;

	if (sscanf(line, "%" SCNx64 " %*c %63s", &at, name) != 2)
		return;
	cut_suffix(name, ".llvm.");
	cut_suffix(name, ".lto_priv.");
	if (!strcmp(name, SYMBOL_FOPS))
		state->fops_at = at;
	else if (!strcmp(name, SYMBOL_LIST) ||
		 !strcmp(name, SYMBOL_LIST_DEBUGFS) ||
		 !strcmp(name, SYMBOL_LIST_OLD))
		state->list_at = at;
}

static int read_symbols(struct dmabuf_ctx *ctx, struct list_walk_state *state)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/kallsyms", "r");
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	if (!file) {
		error_set_errno(&ctx->error, -errno, "/proc/kallsyms");
		return ctx->error.err == -ENOENT
			       ? error_hint(&ctx->error,
					    "mount a /proc without the option "
					    "subset=pid")
			       : ctx->error.err;
	}
	while (getline(&line, &room, file) > 0)
		if (strstr(line, "_list") || strstr(line, SYMBOL_FOPS))
			take_symbol(state, line);
	/* When out of memory, getline() sets neither error nor end of file. */
	if (!feof(file) && !ferror(file))
		return error_no_memory(&ctx->error);
	return 0;
}

/*
 * Finds the list where /proc/kallsyms does not have it. What it hides from us,
 * we do not look for in another way.
 */
static int find_elsewhere(struct dmabuf_ctx *ctx, struct list_walk_state *state)
{
	char restrict_[16] = "?";
	struct list_place place;
	int r;

	(void)sysroot_read_line(&ctx->sysroot, "proc/sys/kernel/kptr_restrict",
				restrict_, sizeof(restrict_));
	if (strcmp(restrict_, "2") &&
	    capability_has(CAPABILITY_BIT(CAP_SYSLOG))) {
		r = list_head_find(ctx, &place);
		if (!r) {
			state->list_at = place.head;
			state->fops_at = place.fops;
		}
		return r;
	}
	error_set(&ctx->error, -EPERM,
		  "/proc/kallsyms hides the address of the list "
		  "(kptr_restrict=%s)",
		  restrict_);
	if (strcmp(restrict_, "2"))
		return error_hint_capability(&ctx->error, "CAP_SYSLOG");
	return error_hint(&ctx->error,
			  "as root: sysctl kernel.kptr_restrict=1");
}

static bool is_found(const struct list_walk_state *state)
{
	return state->list_at && state->fops_at;
}

/* A loaded program that walks. Ownership: all is the context's. */
struct walk {
	const struct way *way;
	struct bpf_object *object;
	struct list_walk_state *state;
};

static int load(struct dmabuf_ctx *ctx, const struct way *way, struct walk *ret)
{
	void *skel;
	int r;

	r = bpf_object_keep(ctx, &way->skeleton, &skel);
	if (!r)
		*ret = (struct walk){ way, way->skeleton.object(skel),
				      way->state(skel) };
	return r;
}

static bool is_loaded(const struct dmabuf_ctx *ctx, const struct way *way)
{
	return ctx_kept(ctx, &way->skeleton);
}

static int run_program(struct dmabuf_ctx *ctx, const struct walk *walk,
		       const char *name)
{
	return bpf_object_run(
		ctx, bpf_object__find_program_by_name(walk->object, name));
}

/* Finds the addresses that the program needs, unless it has them. */
static int find_list(struct dmabuf_ctx *ctx, const struct walk *walk)
{
	struct list_walk_state *state = walk->state;
	int r = 0;

	if (!state->list_at && kernel_finds(ctx))
		r = run_program(ctx, walk, "find_symbols");
	/* The kernel finds only whole names, without a suffix. */
	if (!r && !is_found(state) && bpf_object_has_own_types(ctx))
		r = read_symbols(ctx, state);
	/* Types of a file are tested on a buffer, too. */
	if (!r && !is_found(state))
		r = find_elsewhere(ctx, state);
	return r;
}

static bool kernel_has_all(struct dmabuf_ctx *ctx, const struct way *way)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(way->needs); i++)
		if (way->needs[i] && !bpf_object_kernel_has(ctx, way->needs[i]))
			return false;
	return true;
}

/* Loads the program to begin with: one that is loaded already, or the best. */
static int load_first(struct dmabuf_ctx *ctx, struct walk *ret)
{
	size_t i;
	int r = -EOPNOTSUPP;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		if (is_loaded(ctx, &ways[i]))
			return load(ctx, &ways[i], ret) ?: find_list(ctx, ret);
	for (i = 0; i < ARRAY_SIZE(ways) && r && r != -ENOMEM; i++)
		if (kernel_has_all(ctx, &ways[i]))
			r = load(ctx, &ways[i], ret);
	if (r)
		return r;
	/* A better way may have failed. */
	ctx->error = (struct dmabuf_error){};
	return find_list(ctx, ret);
}

/* Loads the full program, which goes on where that of @walk ended. */
static int load_full(struct dmabuf_ctx *ctx, struct walk *walk)
{
	const struct list_walk_state *before = walk->state;
	int r;

	r = load(ctx, walk->way->full, walk);
	if (!r)
		*walk->state = *before;
	return r;
}

static int load_all(struct dmabuf_ctx *ctx)
{
	struct walk walk;

	return load_first(ctx, &walk) ?: load_full(ctx, &walk);
}

static int begin(struct dmabuf_ctx *ctx, bool again, struct walk *ret)
{
	struct list_walk_state *state;
	int r;

	r = load_first(ctx, ret);
	if (r)
		return r;
	state = ret->state;
	state->cursor = state->list_at;
	state->again = again;
	/* What a walk needed once may come again. */
	if (is_loaded(ctx, ret->way->full))
		return load_full(ctx, ret);
	return 0;
}

static int probe(struct dmabuf_ctx *ctx)
{
	struct walk walk;

	return begin(ctx, false, &walk);
}

/* Where records go: to a snapshot; those of a second look to its @recheck. */
struct sink {
	struct dmabuf_snapshot *snapshot;
	struct recheck *recheck;
};

static int take_whole(struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_rec_buffer *rec)
{
	const int r = snapshot_add_buffer(snapshot, rec);
	struct buffer *last;

	if (!r && rec->have & SAME_EXPORTER) {
		last = vec_at(&snapshot->buffers, snapshot->buffers.n - 1);
		last->have &= ~SAME_EXPORTER;
		last->have |= last[-1].have & DMABUF_HAVE_EXPORTER;
		last->exporter = last[-1].exporter;
	}
	return r;
}

static void take_again(struct recheck *recheck,
		       const struct dmabuf_rec_buffer *rec)
{
	const struct buffer later = {
		.key = rec->key,
		.ino = rec->ino,
		.refs = rec->refs,
		.have = rec->have,
	};

	recheck_see(recheck, &later);
}

/* The array is zeroed for the next run. */
static int take_buffers(void *first, size_t n, void *to)
{
	const struct sink *sink = to;
	struct dmabuf_rec_buffer *rec = first;
	size_t i;
	int r = 0;

	for (i = 0; i < n && !r; i++, rec++) {
		if (rec->have && sink->recheck)
			take_again(sink->recheck, rec);
		else if (rec->have)
			r = take_whole(sink->snapshot, rec);
		*rec = (struct dmabuf_rec_buffer){};
	}
	return r;
}

static int take_attachments(void *first, size_t n, void *to)
{
	const struct dmabuf_rec_attachment *rec = first;
	const struct sink *sink = to;
	size_t i;
	int r = 0;

	for (i = 0; i < n && !r; i++)
		r = vec_push(&sink->snapshot->attachments, &rec[i]);
	return r;
}

/* Runs the program once and takes its records. Return: how the run ended. */
static int run(struct dmabuf_ctx *ctx, const struct walk *walk,
	       struct sink *sink)
{
	const struct bpf_object *object = walk->object;
	struct list_walk_state *state = walk->state;
	int r, end;

	state->buffers = 0;
	state->attached = 0;
	state->last_exporter = NO_EXPORTER;
	end = run_program(ctx, walk, walk->way->skeleton.only);
	if (end < 0)
		return end;
	r = bpf_array_read(bpf_object__find_map_by_name(object, "records"),
			   state->buffers, take_buffers, sink, &ctx->error)
		    ?: bpf_array_read(bpf_object__find_map_by_name(
					      object, "attachments"),
				      state->attached, take_attachments, sink,
				      &ctx->error);
	if (r == -ENOMEM)
		return error_no_memory(&ctx->error);
	return r ?: end;
}

/* Walks the list once. @whole: whether its end was reached */
static int walk_list(struct dmabuf_ctx *ctx, struct walk *walk,
		     struct sink *sink, bool *whole)
{
	int r, end, tries = 0, starts = 1;

	do {
		end = run(ctx, walk, sink);
		r = end == WALK_ATTACHED ? load_full(ctx, walk) : 0;
		if (end < 0 || r)
			return end < 0 ? end : r;
		tries = end == WALK_TORN ? tries + 1 : 0;
		if (tries == TRIES) {
			tries = 0;
			walk->state->cursor = walk->state->list_at;
			starts++;
		}
	} while (end != WALK_DONE && starts <= STARTS);
	*whole = end == WALK_DONE;
	return 0;
}

/* The same, with the program to begin with. */
static int walk_into(struct dmabuf_ctx *ctx, struct sink *sink)
{
	struct walk walk;
	bool whole;
	int r;

	r = begin(ctx, sink->recheck, &walk);
	if (r)
		return r;
	r = walk_list(ctx, &walk, sink, &whole);
	if (r) {
		/* It may have records that were not taken. */
		bpf_object_drop(ctx, &walk.way->skeleton);
		return r;
	}
	/* A buffer that the walk did not reach may be there all the same. */
	if (!whole &&
	    snapshot_add_gap(sink->snapshot, "buffers", 0,
			     "the list changed faster than it could be walked"))
		return error_no_memory(&ctx->error);
	return 0;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	struct sink sink = { .snapshot = snapshot };

	(void)forced;
	return walk_into(ctx, &sink);
}

static int collect_again(struct dmabuf_ctx *ctx, struct recheck *recheck)
{
	struct sink sink = { recheck->snapshot, recheck };

	return walk_into(ctx, &sink);
}

const struct dmabuf_collector collector_list_walk = {
	.name = "list_walk",
	.misses = "which processes hold a buffer; more than 256 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.probe = probe,
	.collect = collect,
	.collect_again = collect_again,
	.load = load_all,
};
