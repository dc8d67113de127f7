/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the programs of bpf/events/trace.bpf.c hang. */
#ifndef TRACE_HOOKS_H
#define TRACE_HOOKS_H

#include <bpf/libbpf.h>

#include "abi/trace.h"
#include "core/context.h"

/*
 * Kinds of hooks, in the order in which they are tried. The best are mainline's
 * tracepoints, and a kprobe where each file of the system passes: skips of
 * a trampoline there would not say how many events are lost.
 */
enum hook_way {
	HOOK_BEST,
	HOOK_TRAMPOLINE,
	HOOK_KPROBE,
	HOOK_WAYS,
};

/* More programs than any choice has. */
enum { HOOKS_MAX = 24 };

/**
 * struct hooks - a choice of hooks
 * @best: the kind that was tried first
 * @ways: of each kind of events; HOOK_WAYS: none
 * @links: of programs that are attached
 * @programs: the programs of @links whose skips are lost events
 * @n: number of links
 * @n_programs: number of programs
 * @why: why a kind that was asked for has no hook, else ""
 */
struct hooks {
	enum hook_way best;
	enum hook_way ways[TRACE_KINDS];
	struct bpf_link *links[HOOKS_MAX];
	int programs[HOOKS_MAX];
	size_t n, n_programs;
	char why[TRACE_KINDS][96];
};

/*
 * Chooses the best hooks that the kernel seems to have, none better than @best,
 * for the events with a bit of @kinds.
 */
void hooks_choose(struct dmabuf_ctx *ctx, uint32_t kinds, enum hook_way best,
		  struct hooks *hooks);

/* Lets only the programs of the choice be loaded. */
void hooks_prepare(const struct hooks *hooks, struct bpf_object *object);

/*
 * Attaches them. When nothing but kprobes was chosen, one that cannot be
 * attached leaves its kind without a hook. Return: 0, or -errno when another
 * choice may do better, and nothing is attached.
 */
int hooks_attach(struct hooks *hooks, const struct bpf_object *object);

void hooks_detach(struct hooks *hooks);

/* How often the kernel has skipped the programs; it counts that since v5.12. */
uint64_t hooks_skipped(const struct hooks *hooks);

#endif
