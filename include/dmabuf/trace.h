/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events of dma-bufs, as they happen.
 *
 * BPF programs put each event into a ring of the kernel, which the caller
 * reads. They go when the trace is freed, or its process ends. What the kernel
 * could not put there is an event itself: DMABUF_EVENT_LOST.
 */
#ifndef DMABUF_TRACE_H
#define DMABUF_TRACE_H

#include <dmabuf/dmabuf.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct dmabuf_trace;

/* The calls that led to an event, in the kernel and in user space. */
struct dmabuf_stack;

/* Kinds of events. */
enum dmabuf_event_kind {
	DMABUF_EVENT_MADE, /* a buffer was made */
	DMABUF_EVENT_FREED, /* its memory goes */
	DMABUF_EVENT_ATTACHED, /* a device was attached to it */
	DMABUF_EVENT_DETACHED,
	DMABUF_EVENT_FD, /* a process gets a descriptor of it */
	DMABUF_EVENT_MAPPED, /* a process has mapped it */
	DMABUF_EVENT_RENAMED, /* a process gave it a name */
	DMABUF_EVENT_LOST, /* events that are missing here */
};

/**
 * dmabuf_event_name() - name of a kind of events
 * @kind: the kind
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the name, as --event has it; NULL when there is no such kind.
 */
const char *dmabuf_event_name(enum dmabuf_event_kind kind);

/**
 * struct dmabuf_trace_opts - options of dmabuf_trace_new()
 * @size: sizeof(struct dmabuf_trace_opts)
 * @kinds: a bit, 1 << kind, for each kind of events, 0 for all
 * @pid: only events in this process, 0 for all processes
 * @min_size: only events of buffers of so many bytes
 * @exporter: only events of buffers whose exporter matches this pattern of
 *	fnmatch(3), byte by byte; NULL for all. Not applied to what is lost
 * @no_trampolines: use kprobes alone, as on a kernel that has nothing better
 * @stacks: keep the stacks of each event, and find the names of their functions
 */
struct dmabuf_trace_opts {
	size_t size;
	uint32_t kinds;
	uint32_t pid;
	uint64_t min_size;
	const char *exporter;
	bool no_trampolines;
	bool stacks;
};

/**
 * dmabuf_trace_new() - begin to trace
 * @ctx: the context, which must live as long as the trace
 * @opts: options, or NULL for the defaults
 * @ret: the new trace
 *
 * Ownership: the caller frees @ret with dmabuf_trace_free(); strings of @opts
 * are copied.
 *
 * Context: Needs CAP_BPF and CAP_PERFMON, later calls do not. With stacks,
 * those use both for names of the kernel, before v5.13 CAP_SYSLOG, and for
 * files that processes of others run CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH and
 * CAP_CHECKPOINT_RESTORE; they fork.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @opts is not understood
 * * %-EOPNOTSUPP - @ctx reads a recorded tree, or @opts.pid is given outside of
 *   the first PID namespace
 * * %-ENOMEM - out of memory
 * * another negative errno - this kernel or this user cannot
 */
int dmabuf_trace_new(struct dmabuf_ctx *ctx,
		     const struct dmabuf_trace_opts *opts,
		     struct dmabuf_trace **ret);

/**
 * dmabuf_trace_free() - end a trace
 * @trace: the trace, or NULL
 *
 * Ownership: @trace is gone, and with it the last event.
 *
 * Context: No other thread uses @trace.
 */
void dmabuf_trace_free(struct dmabuf_trace *trace);

/**
 * dmabuf_trace_lacks() - tell why events of a kind cannot be seen here
 * @trace: the trace
 * @kind: the kind
 *
 * Ownership: the result is part of @trace.
 *
 * Context: Any thread that may use @trace.
 * Return: the reason, NULL when they can be seen or were not asked for.
 */
const char *dmabuf_trace_lacks(const struct dmabuf_trace *trace,
			       enum dmabuf_event_kind kind);

/**
 * struct dmabuf_event - an event
 * @kind: its kind; with DMABUF_EVENT_LOST, only @time_ns, @lost and @cause are
 *	set, and the time is when that was noticed
 * @pid: process in which it happened; 0 outside of the first PID namespace,
 *	where numbers of processes have another meaning
 * @tid: thread, the same way
 * @fd: descriptor of DMABUF_EVENT_FD, else -1
 * @time_ns: nanoseconds of the kernel's CLOCK_BOOTTIME, to which a time
 *	namespace adds its offset
 * @address: of the struct dma_buf in the kernel: the same in all events of a
 *	buffer, and of another one that is made when this one was freed
 * @ino: inode number of the buffer, 0 when it is not known
 * @bytes: size of the buffer
 * @comm: name of the process
 * @exporter: who made the buffer
 * @name: name of the buffer, empty when it has none; NULL when it was changed
 *	at this moment
 * @device: device of DMABUF_EVENT_ATTACHED and DMABUF_EVENT_DETACHED, else NULL
 * @stack: the calls that led to it, NULL when they were not asked for
 * @lost: how many events are missing here. Of those that a program was skipped
 *	for, not each may have passed the filters
 * @cause: why
 */
struct dmabuf_event {
	enum dmabuf_event_kind kind;
	uint32_t pid;
	uint32_t tid;
	int fd;
	uint64_t time_ns;
	uint64_t address;
	uint64_t ino;
	uint64_t bytes;
	const char *comm;
	const char *exporter;
	const char *name;
	const char *device;
	const struct dmabuf_stack *stack;
	uint64_t lost;
	const char *cause;
};

/**
 * dmabuf_trace_next() - take the next event
 * @trace: the trace
 * @ret: the event
 *
 * Ownership: @ret is part of @trace and valid until the next call with it.
 * Shape: each event once, those of a buffer in their order: made, what happened
 * to it, freed.
 *
 * Context: Does not wait: poll(2) on dmabuf_trace_fd() does, with a timeout.
 * But with stacks, files may be searched for names: for ten seconds, later for
 * half of the time at most.
 * Return: 0, or
 * * %-ENOMEM - out of memory for stacks
 * * %-EAGAIN - there is none now
 * * %-ENODATA - there is none any more, after dmabuf_trace_stop()
 */
int dmabuf_trace_next(struct dmabuf_trace *trace,
		      const struct dmabuf_event **ret);

/**
 * dmabuf_stack_next_frame() - go through the calls that led to an event
 * @stack: the stack of the event
 * @prev: the frame before, NULL for the first one
 *
 * Ownership: the frame is a part of the trace, and valid as long as the event.
 * Shape: each frame once: those of the kernel first, then those of user space;
 * each is followed by its caller. What traces is left out.
 *
 * Context: Any thread that may use the trace.
 * Return: the next frame, or NULL at the end.
 */
const struct dmabuf_frame *dmabuf_stack_next_frame(
	const struct dmabuf_stack *stack, const struct dmabuf_frame *prev);

/**
 * dmabuf_trace_fd() - descriptor to wait for events with
 * @trace: the trace
 *
 * Ownership: the descriptor is part of @trace: do not close or read it.
 *
 * Context: Any thread that may use @trace.
 * Return: a descriptor that poll(2) finds readable when there are events. While
 * poll() waits, only many events wake it: call it with a timeout of 100 ms or
 * so, and then dmabuf_trace_next() until that has none.
 */
int dmabuf_trace_fd(const struct dmabuf_trace *trace);

/**
 * dmabuf_trace_stop() - let no event happen any more
 * @trace: the trace
 *
 * dmabuf_trace_next() then returns what is left, and at last all that is lost:
 * what was returned and what is lost are all events.
 *
 * Ownership: nothing is handed over.
 *
 * Context: May wait for the kernel.
 */
void dmabuf_trace_stop(struct dmabuf_trace *trace);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
