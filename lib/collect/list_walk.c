// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A walk of the kernel's own list, for kernels that have no iterator. The BPF
 * program walks a part of the list at a time. When the list changed under it,
 * this file retries from the same place.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "abi/list_walk.h"
#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/list_head.h"
#include "collect/ring.h"
#include "list_walk.skel.h"
#include "snapshot/gaps.h"
#include "util/capability.h"
#include "util/cleanup.h"

/*
 * If a place stays torn, its node has left the list: after this many tries the
 * walk starts over and keeps the records it has.
 */
enum { TRIES = 32, STARTS = 256 };

DEFINE_BPF_SKELETON(list_walk)

/* Whether the BPF program looks up symbols; if not, we do. */
static bool kernel_finds(struct dmabuf_ctx *ctx)
{
	return bpf_object_kernel_has(ctx, "bpf_kallsyms_lookup_name");
}

static void prepare(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	bpf_program__set_autoload(
		bpf_object__find_program_by_name(object, "find_symbols"),
		kernel_finds(ctx));
}

/* Optimization at link time adds it to a static name: db_list.llvm.123. */
static void cut_suffix(char *name, const char *suffix)
{
	char *at = strstr(name, suffix);

	if (at)
		*at = 0;
}

/* Parses a line of /proc/kallsyms: address, type, name, maybe a module. */
static void take_symbol(struct list_walk_bpf *skel, const char *line)
{
	char name[64];
	uint64_t at;

	if (sscanf(line, "%" SCNx64 " %*c %63s", &at, name) != 2)
		return;
	cut_suffix(name, ".llvm.");
	cut_suffix(name, ".lto_priv.");
	if (!strcmp(name, SYMBOL_FOPS))
		skel->bss->fops_at = at;
	else if (!strcmp(name, SYMBOL_LIST) ||
		 !strcmp(name, SYMBOL_LIST_DEBUGFS) ||
		 !strcmp(name, SYMBOL_LIST_OLD))
		skel->bss->list_at = at;
}

static int read_symbols(struct dmabuf_ctx *ctx, struct list_walk_bpf *skel)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/kallsyms", "r");
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	if (!file) {
		error_set(&ctx->error, -errno, "/proc/kallsyms: %s",
			  strerror(errno));
		return ctx->error.err == -ENOENT
			       ? error_hint(&ctx->error,
					    "mount a /proc without the option "
					    "subset=pid")
			       : ctx->error.err;
	}
	while (getline(&line, &room, file) > 0)
		if (strstr(line, "_list") || strstr(line, SYMBOL_FOPS))
			take_symbol(skel, line);
	/* When out of memory, getline() sets neither error nor end of file. */
	if (!feof(file) && !ferror(file))
		return error_no_memory(&ctx->error);
	return 0;
}

/*
 * Finds the list where /proc/kallsyms does not have it. What it hides from us,
 * we do not look for in another way.
 */
static int find_elsewhere(struct dmabuf_ctx *ctx, struct list_walk_bpf *skel)
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
			skel->bss->list_at = place.head;
			skel->bss->fops_at = place.fops;
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

static bool is_found(const struct list_walk_bpf *skel)
{
	return skel->bss->list_at && skel->bss->fops_at;
}

/* Ownership: @ret is the context's. */
static int load(struct dmabuf_ctx *ctx, struct list_walk_bpf **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(list_walk),
		.prepare = prepare,
	};
	struct list_walk_bpf *skel;
	void *object;
	int r;

	r = bpf_object_keep(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	if (!skel->bss->list_at && kernel_finds(ctx))
		r = bpf_object_run(ctx, skel->progs.find_symbols);
	/* The kernel finds only whole names, without a suffix. */
	if (!r && !is_found(skel) && bpf_object_has_own_types(ctx))
		r = read_symbols(ctx, skel);
	/* Types of a file are tested on a buffer, too. */
	if (!r && !is_found(skel))
		r = find_elsewhere(ctx, skel);
	if (!r)
		*ret = skel;
	return r;
}

static int load_only(struct dmabuf_ctx *ctx)
{
	struct list_walk_bpf *skel;

	return load(ctx, &skel);
}

static int probe(struct dmabuf_ctx *ctx)
{
	struct list_walk_bpf *skel;
	int r;

	r = load(ctx, &skel);
	if (r)
		return r;
	skel->bss->cursor = 0;
	r = bpf_object_run(ctx, skel->progs.walk);
	return r < 0 ? r : 0;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	const struct snapshot_mark before = snapshot_mark(snapshot);
	_cleanup_(ring_cleanup) struct ring_buffer *ring = NULL;
	struct list_walk_bpf *skel;
	int r, end, tries = 0, starts = 1;

	(void)forced;
	r = load(ctx, &skel);
	if (r)
		return r;
	/* Drop what a probe or a failed walk left in the ring. */
	r = ring_new(ctx, bpf_map__fd(skel->maps.ring), snapshot, &ring)
		    ?: ring_drain(ctx, ring);
	if (r)
		return r;
	snapshot_rewind(snapshot, &before);

	skel->bss->cursor = 0;
	do {
		end = bpf_object_run(ctx, skel->progs.walk);
		if (end < 0)
			return end;
		r = ring_drain(ctx, ring);
		if (r)
			return r;
		tries = end == WALK_TORN ? tries + 1 : 0;
		if (tries == TRIES) {
			tries = 0;
			skel->bss->cursor = 0;
			starts++;
		}
	} while (end != WALK_DONE && starts <= STARTS);

	if (end != WALK_DONE &&
	    snapshot_add_gap(snapshot, "buffers", 0,
			     "the list changed faster than it could be walked"))
		return error_no_memory(&ctx->error);
	return 0;
}

const struct dmabuf_collector collector_list_walk = {
	.name = "list_walk",
	.misses = "which processes hold a buffer; more than 256 "
		  "attachments of one",
	.gives = GIVES_RECORD | DMABUF_GIVES_ADDRESS,
	.probe = probe,
	.collect = collect,
	.load = load_only,
};
