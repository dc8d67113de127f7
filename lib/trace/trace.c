// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the events that BPF programs tell. */
#include <bpf/libbpf.h>
#include <dmabuf/trace.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trace.skel.h"
#include "bpf/load_error.h"
#include "bpf/object.h"
#include "bpf/registers.h"
#include "collect/pid_namespace.h"
#include "trace/hooks.h"
#include "trace/stacks.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/glob.h"
#include "util/now.h"

/* How often skips are looked for: each tenth of a second, and after so many. */
enum { SKIPS_NS = 100000000, SKIPS_EVENTS = 4096 };

/* Why events are missing; some of the last one are known only at the end. */
enum cause {
	CAUSE_NO_ROOM,
	CAUSE_SKIPPED,
	CAUSE_NOT_AWAITED,
	CAUSES,
};

static const char *const causes[CAUSES] = {
	[CAUSE_NO_ROOM] = "the ring was full",
	[CAUSE_SKIPPED] = "the kernel skipped a program that was busy",
	[CAUSE_NOT_AWAITED] = "too many calls at a time",
};

/* With stacks, so many records are taken at a time, and named. */
enum { RECORDS = 256 };

/* Records that were taken from the ring: @n, from @at on not told. */
struct queue {
	char *records;
	size_t each, room, n, at;
};

struct dmabuf_trace {
	struct trace_bpf *skel;
	struct hooks hooks;
	struct ring_buffer *ring;
	char *exporter; /* pattern, or NULL */
	bool shows_ids; /* the reader numbers processes as the kernel does */
	bool stopped;
	bool has_stacks;
	struct trace_stacks stacks; /* if it has */
	struct queue queue;
	struct dmabuf_event event;
	uint64_t told[CAUSES]; /* how many were lost, as far as it was told */
	uint64_t checked_ns;
	unsigned int since_check; /* events */
};

DEFINE_CLEANUP(skel, struct trace_bpf, trace_bpf__destroy)
DEFINE_CLEANUP(trace, struct dmabuf_trace, dmabuf_trace_free)

static const char *const names[] = {
	[DMABUF_EVENT_MADE] = "made",
	[DMABUF_EVENT_FREED] = "freed",
	[DMABUF_EVENT_ATTACHED] = "attached",
	[DMABUF_EVENT_DETACHED] = "detached",
	[DMABUF_EVENT_FD] = "fd",
	[DMABUF_EVENT_MAPPED] = "mapped",
	[DMABUF_EVENT_RENAMED] = "renamed",
	[DMABUF_EVENT_LOST] = "lost",
};

const char *dmabuf_event_name(enum dmabuf_event_kind kind)
{
	return (size_t)kind < ARRAY_SIZE(names) ? names[kind] : NULL;
}

static void set_constants(struct trace_bpf *skel,
			  const struct dmabuf_trace_opts *opts)
{
	size_t i;

	skel->rodata->only_pid = opts->pid;
	skel->rodata->min_size = opts->min_size;
	skel->rodata->result_at = register_of_result;
	if (opts->stacks) {
		skel->rodata->kernel_room = TRACE_KERNEL_ROOM;
		skel->rodata->user_room = TRACE_USER_ROOM;
		/* At once: the files of a process are gone with it. */
		skel->rodata->wake_at = 0;
	}
	for (i = 0; i < ARRAY_SIZE(register_of_argument); i++)
		skel->rodata->argument_at[i] = register_of_argument[i];
}

/* Loads the programs of the choice in @trace->hooks, and attaches them. */
static int load(struct dmabuf_ctx *ctx, const struct dmabuf_trace_opts *opts,
		struct dmabuf_trace *trace)
{
	_cleanup_(skel_cleanup) struct trace_bpf *skel = NULL;
	char log[16 * 1024] = "";
	struct bpf_object_open_opts open_opts = {
		.sz = sizeof(open_opts),
		.kernel_log_buf = log,
		.kernel_log_size = sizeof(log),
		.kernel_log_level = 0,
	};
	int r;

	r = bpf_object_btf_path(ctx, &open_opts.btf_custom_path);
	if (r)
		return r;
	skel = trace_bpf__open_opts(&open_opts);
	if (!skel)
		return bpf_load_error(&ctx->error, -errno, log);
	set_constants(skel, opts);
	hooks_prepare(&trace->hooks, skel->obj);
	r = opts->stacks ? bpf_map__set_max_entries(skel->maps.ring,
						    TRACE_STACKS_RING)
			 : 0;
	r = r ?: trace_bpf__load(skel);
	if (r)
		return bpf_load_error(&ctx->error, r, log);
	r = hooks_attach(&trace->hooks, skel->obj);
	if (r)
		return error_set_errno(&ctx->error, r, "cannot attach");
	trace->skel = take_ptr(skel);
	return 0;
}

/* Nothing that was asked for can be seen. */
static int fail_hooks(struct dmabuf_ctx *ctx, const struct hooks *hooks)
{
	size_t i;

	for (i = 0; i < TRACE_KINDS; i++)
		if (hooks->why[i][0])
			error_set(&ctx->error, -EOPNOTSUPP,
				  "no event can be seen: %s", hooks->why[i]);
	return error_hint(&ctx->error, "boot a kernel with CONFIG_KPROBES=y or "
				       "CONFIG_DEBUG_INFO_BTF=y");
}

/*
 * Tries the hooks that the kernel seems to have: some machines have types, but
 * no trampolines or no kprobes.
 */
static int begin(struct dmabuf_ctx *ctx, const struct dmabuf_trace_opts *opts,
		 struct dmabuf_trace *trace)
{
	const uint32_t kinds = opts->kinds ?: (1U << TRACE_KINDS) - 1;
	enum hook_way best = opts->no_trampolines ? HOOK_KPROBE : HOOK_BEST;
	int r;

	do {
		hooks_choose(ctx, kinds, best, &trace->hooks);
		r = load(ctx, opts, trace);
	} while (r && r != -EPERM && r != -ENOMEM && ++best < HOOK_WAYS);
	if (!r && !trace->hooks.n_programs)
		r = fail_hooks(ctx, &trace->hooks);
	return r;
}

static bool is_wanted(const struct dmabuf_trace *trace,
		      const struct trace_record *rec)
{
	return !trace->exporter || glob_matches(trace->exporter, rec->exporter);
}

/*
 * Takes records until the queue is full. Stacks of what is not wanted would be
 * named in vain.
 */
static int take(void *data, void *record, size_t size)
{
	struct dmabuf_trace *trace = data;
	struct queue *queue = &trace->queue;
	struct trace_record *rec =
		(void *)(queue->records + queue->n * queue->each);

	(void)size;
	memcpy(rec, record, queue->each);
	if (!is_wanted(trace, rec))
		rec->kernel_bytes = rec->user_bytes = 0;
	return ++queue->n < queue->room ? 0 : -ECANCELED;
}

static int open_ring(struct dmabuf_ctx *ctx, struct dmabuf_trace *trace)
{
	trace->ring = ring_buffer__new(bpf_map__fd(trace->skel->maps.ring),
				       take, trace, NULL);
	return trace->ring ? 0
			   : error_set_errno(&ctx->error, -errno,
					     "cannot read the ring of events");
}

static int check(struct dmabuf_ctx *ctx, const struct dmabuf_trace_opts *opts,
		 const struct dmabuf_trace *trace)
{
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "nothing happens in a recorded tree");
	if (opts->kinds >> TRACE_KINDS)
		return error_set(&ctx->error, -EINVAL,
				 "there are no such events");
	if (opts->pid && !trace->shows_ids) {
		error_set(&ctx->error, -EOPNOTSUPP,
			  "process %u has another number in the kernel",
			  opts->pid);
		return error_hint(&ctx->error,
				  "run it in the first PID namespace");
	}
	return 0;
}

static int prepare(struct dmabuf_ctx *ctx, const struct dmabuf_trace_opts *opts,
		   struct dmabuf_trace *trace)
{
	struct queue *queue = &trace->queue;

	queue->room = opts->stacks ? RECORDS : 1;
	queue->each = opts->stacks ? TRACE_STACKS_RECORD
				   : sizeof(struct trace_record);
	queue->records = calloc(queue->room, queue->each);
	if (opts->exporter)
		trace->exporter = strdup(opts->exporter);
	if (!queue->records || (opts->exporter && !trace->exporter))
		return error_no_memory(&ctx->error);
	trace->shows_ids = pid_namespace_is_initial(&ctx->sysroot);
	trace->has_stacks = opts->stacks;
	trace_stacks_init(&trace->stacks, ctx, trace->shows_ids);
	return 0;
}

int dmabuf_trace_new(struct dmabuf_ctx *ctx,
		     const struct dmabuf_trace_opts *opts,
		     struct dmabuf_trace **ret)
{
	_cleanup_(trace_cleanup) struct dmabuf_trace *trace = NULL;
	struct dmabuf_trace_opts known;
	int r;

	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");
	trace = calloc(1, sizeof(*trace));
	if (!trace)
		return error_no_memory(&ctx->error);
	r = prepare(ctx, &known, trace)
		    ?: check(ctx, &known, trace)
		    ?: begin(ctx, &known, trace)
		    ?: open_ring(ctx, trace);
	if (r)
		return r;
	*ret = take_ptr(trace);
	return 0;
}

void dmabuf_trace_free(struct dmabuf_trace *trace)
{
	if (!trace)
		return;
	hooks_detach(&trace->hooks);
	ring_buffer__free(trace->ring);
	trace_bpf__destroy(trace->skel);
	trace_stacks_fini(&trace->stacks);
	free(trace->queue.records);
	free(trace->exporter);
	free(trace);
}

const char *dmabuf_trace_lacks(const struct dmabuf_trace *trace,
			       enum dmabuf_event_kind kind)
{
	if ((size_t)kind >= TRACE_KINDS || !trace->hooks.why[kind][0])
		return NULL;
	return trace->hooks.why[kind];
}

int dmabuf_trace_fd(const struct dmabuf_trace *trace)
{
	return ring_buffer__epoll_fd(trace->ring);
}

void dmabuf_trace_stop(struct dmabuf_trace *trace)
{
	hooks_detach(&trace->hooks);
	/* Programs that run now end before this returns. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(100000);
	trace->stopped = true;
}

/* How many events were lost up to now. */
static uint64_t count_lost(const struct dmabuf_trace *trace, enum cause cause)
{
	const __typeof__(*trace->skel->bss) *bss = trace->skel->bss;

	switch (cause) {
	case CAUSE_NO_ROOM:
		return bss->no_room;
	case CAUSE_SKIPPED:
		return hooks_skipped(&trace->hooks);
	case CAUSE_NOT_AWAITED:
		return trace->stopped ? bss->entered - bss->returned
				      : bss->missed;
	case CAUSES:
		break;
	}
	return 0;
}

/* Makes an event of what was lost and not told. Return: 0, -EAGAIN: nothing. */
static int tell_lost(struct dmabuf_trace *trace, enum cause cause,
		     uint64_t count)
{
	if (count <= trace->told[cause])
		return -EAGAIN;
	trace->event = (struct dmabuf_event){
		.kind = DMABUF_EVENT_LOST,
		.fd = -1,
		.time_ns = now_kernel_ns(),
		.lost = count - trace->told[cause],
		.cause = causes[cause],
	};
	trace->told[cause] = count;
	return 0;
}

/*
 * Looks for what is lost, now and then. When the ring is not empty, a record
 * tells what found no room before it.
 */
static int check_lost(struct dmabuf_trace *trace, bool is_empty)
{
	enum cause cause = is_empty ? CAUSE_NO_ROOM : CAUSE_SKIPPED;
	uint64_t now = now_boot_ns();
	int r = -EAGAIN;

	if (!trace->stopped && now - trace->checked_ns < SKIPS_NS)
		return r;
	trace->checked_ns = now;
	trace->since_check = 0;
	for (; r && cause < CAUSES; cause++)
		r = tell_lost(trace, cause, count_lost(trace, cause));
	return r;
}

/* Return: 0 or -ENOMEM. */
static int tell_record(struct dmabuf_trace *trace,
		       const struct trace_record *rec)
{
	int r = 0;

	trace->event = (struct dmabuf_event){
		.kind = (enum dmabuf_event_kind)rec->kind,
		.pid = trace->shows_ids ? rec->pid : 0,
		.tid = trace->shows_ids ? rec->tid : 0,
		.fd = rec->fd,
		.time_ns = rec->time_ns,
		.address = rec->key,
		.ino = rec->ino,
		.bytes = rec->bytes,
		.comm = rec->comm,
		.exporter = rec->exporter,
		.name = rec->have & DMABUF_HAVE_NAME ? rec->name : NULL,
		.device = rec->device[0] ? rec->device : NULL,
	};
	if (trace->has_stacks) {
		r = trace_stacks_make(&trace->stacks, rec);
		trace->event.stack = (const void *)&trace->stacks.frames;
	}
	return r;
}

/* Fills the queue when it is empty. Return: 0, -EAGAIN or -ENOMEM. */
static int fill_queue(struct dmabuf_trace *trace)
{
	struct queue *queue = &trace->queue;

	if (queue->at < queue->n)
		return 0;
	queue->at = queue->n = 0;
	(void)ring_buffer__consume(trace->ring);
	if (!queue->n)
		return -EAGAIN;
	return trace->has_stacks ? trace_stacks_learn(&trace->stacks,
						      queue->records, queue->n)
				 : 0;
}

/* Takes the next record that passes the filter. Return: as fill_queue(). */
static int next_record(struct dmabuf_trace *trace)
{
	struct queue *queue = &trace->queue;
	const struct trace_record *rec;
	int r;

	for (;;) {
		r = fill_queue(trace);
		if (r)
			return r;
		rec = (const void *)(queue->records + queue->at * queue->each);
		/* Told where it happened, also when this one is not shown. */
		if (!tell_lost(trace, CAUSE_NO_ROOM, rec->no_room))
			return 0;
		queue->at++;
		trace->since_check++;
		if (is_wanted(trace, rec))
			return tell_record(trace, rec);
	}
}

int dmabuf_trace_next(struct dmabuf_trace *trace,
		      const struct dmabuf_event **ret)
{
	int r = -EAGAIN;

	if (trace->since_check >= SKIPS_EVENTS)
		r = check_lost(trace, false);
	if (r)
		r = next_record(trace);
	if (r == -ENOMEM)
		return r;
	if (r)
		r = check_lost(trace, true);
	if (r)
		return trace->stopped ? -ENODATA : r;
	*ret = &trace->event;
	return 0;
}
