// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/hooks.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpf/object.h"
#include "bpf/registers.h"
#include "util/array.h"

/* A program of a kind of events, and the function that it needs, or NULL. */
struct hook {
	enum trace_kind kind;
	enum hook_way way;
	const char *program, *needs;
	bool counts; /* what it does not see is lost */
};

#define HOOK(kind, way, program, needs, counts)                                \
	{                                                                      \
		TRACE_##kind, HOOK_##way, program, needs, counts               \
	}
#define COUNTS(kind, way, program, needs) HOOK(kind, way, program, needs, true)
#define HELPS(kind, way, program, needs)  HOOK(kind, way, program, needs, false)

/*
 * The begin of a call is awaited last: its end is then awaited, too. An end is
 * told only if its begin was seen, so that each call is either told, or missed
 * at its begin, or counted as not returned. A
 * tracepoint has a function with the prefix, which BTF has.
 */
static const struct hook table[] = {
	COUNTS(MADE, BEST, "made_tp", "__traceiter_dma_buf_export"),
	COUNTS(MADE, TRAMPOLINE, "made_fn", "dma_buf_export"),
	HELPS(MADE, KPROBE, "made_kp", NULL),
	COUNTS(MADE, KPROBE, "made_in", NULL),
	HELPS(FREED, TRAMPOLINE, "closing_fn", "dma_buf_file_release"),
	COUNTS(FREED, TRAMPOLINE, "freed_fn", "dma_buf_release"),
	HELPS(FREED, KPROBE, "closing_kp", NULL),
	COUNTS(FREED, KPROBE, "freed_kp", NULL),
	COUNTS(ATTACHED, BEST, "attached_tp",
	       "__traceiter_dma_buf_dynamic_attach"),
	COUNTS(ATTACHED, TRAMPOLINE, "attached_fn", "dma_buf_dynamic_attach"),
	HELPS(ATTACHED, KPROBE, "attached_kp", NULL),
	COUNTS(ATTACHED, KPROBE, "attached_in", NULL),
	COUNTS(DETACHED, BEST, "detached_tp", "__traceiter_dma_buf_detach"),
	COUNTS(DETACHED, TRAMPOLINE, "detached_fn", "dma_buf_detach"),
	COUNTS(DETACHED, KPROBE, "detached_kp", NULL),
#if HAS_REGISTERS
	COUNTS(FD, BEST, "fd_kp", "fd_install"),
#endif
	COUNTS(FD, TRAMPOLINE, "fd_fn", "fd_install"),
	COUNTS(FD, KPROBE, "fd_kp", NULL),
	COUNTS(MAPPED, TRAMPOLINE, "mapped_fn", "dma_buf_mmap_internal"),
	COUNTS(MAPPED, TRAMPOLINE, "mapped_by_driver_fn", "dma_buf_mmap"),
	HELPS(MAPPED, KPROBE, "mapped_kp", NULL),
	COUNTS(MAPPED, KPROBE, "mapped_in", NULL),
	HELPS(MAPPED, KPROBE, "mapped_by_driver_kp", NULL),
	COUNTS(MAPPED, KPROBE, "mapped_by_driver_in", NULL),
	COUNTS(RENAMED, TRAMPOLINE, "renamed_fn", "dma_buf_ioctl"),
	HELPS(RENAMED, KPROBE, "renamed_kp", NULL),
	COUNTS(RENAMED, KPROBE, "renamed_in", NULL),
};

/* Whether the kernel has all functions that a way to see a kind needs. */
static bool has_way(struct dmabuf_ctx *ctx, enum trace_kind kind,
		    enum hook_way way)
{
	bool found = false;
	size_t i;

	if (way == HOOK_KPROBE && !HAS_REGISTERS)
		return false;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].kind != kind || table[i].way != way)
			continue;
		if (table[i].needs &&
		    !bpf_object_kernel_has(ctx, table[i].needs))
			return false;
		found = true;
	}
	return found;
}

static void fail(struct hooks *hooks, enum trace_kind kind, const char *why)
{
	hooks->ways[kind] = HOOK_WAYS;
	snprintf(hooks->why[kind], sizeof(hooks->why[kind]),
		 "this kernel has no hook for them: %s", why);
}

/*
 * While a task waits for the CPU in the program of a trampoline, the kernel
 * skips the program for others; that does not happen to kprobes. What the
 * kernel skips for other reasons it counts since v6.7. Older kernels that have
 * the tracepoints got them from kernel/, and count skips of trampolines alone.
 * bpf_iter_task_new() is new in v6.7, too.
 */
static bool prefers_kprobes(struct dmabuf_ctx *ctx)
{
	return HAS_REGISTERS &&
	       bpf_object_kernel_has(ctx, "__traceiter_dma_buf_export") &&
	       bpf_object_kernel_has(ctx, "bpf_iter_task_new");
}

static enum hook_way choose(struct dmabuf_ctx *ctx, enum trace_kind kind,
			    enum hook_way best)
{
	enum hook_way way = best;

	if (best == HOOK_BEST && !has_way(ctx, kind, best) &&
	    prefers_kprobes(ctx))
		return HOOK_KPROBE;
	while (way < HOOK_WAYS && !has_way(ctx, kind, way))
		way++;
	return way;
}

void hooks_choose(struct dmabuf_ctx *ctx, uint32_t kinds, enum hook_way best,
		  struct hooks *hooks)
{
	enum trace_kind kind;

	memset(hooks, 0, sizeof(*hooks));
	hooks->best = best;
	for (kind = 0; kind < TRACE_KINDS; kind++) {
		hooks->ways[kind] = HOOK_WAYS;
		if (!(kinds >> kind & 1))
			continue;
		hooks->ways[kind] = choose(ctx, kind, best);
		if (hooks->ways[kind] == HOOK_WAYS)
			fail(hooks, kind, "no trampoline");
	}
}

static struct bpf_program *find(const struct bpf_object *object,
				const struct hook *hook)
{
	return bpf_object__find_program_by_name(object, hook->program);
}

static bool is_chosen(const struct hooks *hooks, const struct hook *hook)
{
	return hooks->ways[hook->kind] == hook->way;
}

void hooks_prepare(const struct hooks *hooks, struct bpf_object *object)
{
	struct bpf_program *program = NULL;
	size_t i;

	while ((program = bpf_object__next_program(object, program)))
		bpf_program__set_autoload(program, false);
	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (is_chosen(hooks, &table[i]))
			bpf_program__set_autoload(find(object, &table[i]),
						  true);
}

/* Return: 0 or -errno. */
static int attach(struct hooks *hooks, const struct bpf_object *object,
		  const struct hook *hook)
{
	const struct bpf_program *program = find(object, hook);
	struct bpf_link *link = bpf_program__attach(program);

	if (!link)
		return -errno;
	hooks->links[hooks->n++] = link;
	if (hook->counts)
		hooks->programs[hooks->n_programs++] = bpf_program__fd(program);
	return 0;
}

int hooks_attach(struct hooks *hooks, const struct bpf_object *object)
{
	const struct hook *hook;
	int r;

	for (hook = table; hook < table + ARRAY_SIZE(table); hook++) {
		if (!is_chosen(hooks, hook))
			continue;
		r = attach(hooks, object, hook);
		if (r && hooks->best != HOOK_KPROBE) {
			hooks_detach(hooks);
			return r;
		}
		if (r)
			fail(hooks, hook->kind, strerror(-r));
	}
	return 0;
}

void hooks_detach(struct hooks *hooks)
{
	while (hooks->n)
		bpf_link__destroy(hooks->links[--hooks->n]);
}

uint64_t hooks_skipped(const struct hooks *hooks)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < hooks->n_programs; i++) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(hooks->programs[i], &info, &size))
			sum += info.recursion_misses;
	}
	return sum;
}
