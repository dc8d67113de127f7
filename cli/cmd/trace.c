// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf trace: what happens to buffers, as it happens. */
#include <dmabuf/trace.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/rows/event.h"
#include "cli/trace/ends.h"
#include "cli/trace/output.h"
#include "ui/message.h"
#include "ui/privileges.h"
#include "ui/quantity.h"

/* So many events are written before ends are looked for. */
enum { EVENTS_AT_A_TIME = 4096 };

struct trace_options {
	const char *events, *exporter, *time, *format, *output;
	uint64_t pid, min_size;
	bool stacks, kprobes;
};

static const struct option_spec options[] = {
	{ "event", 0, "A,B", "only these events: made, freed, attached, ...",
	  TO_TEXT(struct trace_options, events) },
	{ "exporter", 0, "GLOB", "only events of matching exporters",
	  TO_TEXT(struct trace_options, exporter) },
	{ "pid", 0, "PID", "only events in this process",
	  TO_NUMBER(struct trace_options, pid), .min = 1, .max = INT32_MAX },
	{ "min-size", 0, "SIZE", "only events of buffers of at least this size",
	  TO_SIZE(struct trace_options, min_size) },
	{ "stacks", 0, NULL, "with the calls that led to each event",
	  TO_FLAG(struct trace_options, stacks) },
	{ "for", 0, "TIME", "end after that: 10s, 1h30m",
	  TO_TEXT(struct trace_options, time) },
	{ "format", 0, "FORMAT", "table, json, or chrome for trace viewers",
	  TO_TEXT(struct trace_options, format) },
	{ "output", 0, "FILE", "write events to FILE, '-' is stdout",
	  TO_TEXT(struct trace_options, output) },
	/* For tests: as on a machine without trampolines. */
	{ "kprobes", 0, NULL, NULL, TO_FLAG(struct trace_options, kprobes) },
	{},
};

/* A run of the command. */
struct run {
	struct cmd_env *env;
	struct dmabuf_trace *trace;
	struct trace_output output;
	struct trace_ends ends;
	uint64_t lost;
};

/* Adds the bit of an event that has a name of @n bytes. */
static int add_kind(struct cmd_env *env, const char *name, size_t n,
		    uint32_t *kinds)
{
	enum dmabuf_event_kind kind;
	struct suggestion near;
	const char *known;

	suggest_begin(&near, name, n);
	for (kind = 0; kind < DMABUF_EVENT_LOST; kind++) {
		known = dmabuf_event_name(kind);
		if (strlen(known) == n && !memcmp(known, name, n)) {
			*kinds |= 1U << kind;
			return 0;
		}
		suggest_try(&near, known);
	}
	return cmd_unknown(env, &near, "no event is called '%.*s'", (int)n,
			   name);
}

static int read_kinds(struct cmd_env *env, uint32_t *kinds)
{
	const struct trace_options *own = env->own;
	const char *name = own->events, *end;
	int r = 0;

	for (; name && !r; name = *end ? end + 1 : NULL) {
		end = strchrnul(name, ',');
		r = add_kind(env, name, end - name, kinds);
	}
	return r;
}

static int read_time(struct run *run, int argc)
{
	const struct trace_options *own = run->env->own;

	if (!own->time)
		return 0;
	if (argc)
		return cmd_usage(run->env, "--for goes with no command");
	if (duration_parse(own->time, &run->ends.time_ns) || !run->ends.time_ns)
		return cmd_usage(run->env,
				 "invalid time '%s': give one such as 90s, 10m "
				 "or 1h30m",
				 own->time);
	return 0;
}

/* Return: 0, or STATUS_USAGE after a message. */
static int read_options(struct run *run, int argc,
			struct dmabuf_trace_opts *opts)
{
	const struct trace_options *own = run->env->own;

	if (run->env->options.sort)
		return cmd_usage(run->env, "--sort: events come in the order "
					   "in which they happen");
	opts->pid = own->pid;
	opts->min_size = own->min_size;
	opts->exporter = own->exporter;
	opts->no_trampolines = own->kprobes;
	opts->stacks = own->stacks;
	return read_kinds(run->env, &opts->kinds)
		       ?: trace_output_choose(&run->output, run->env,
					      own->format)
		       ?: read_time(run, argc);
}

static bool sees(const struct run *run, const struct dmabuf_trace_opts *opts,
		 enum dmabuf_event_kind kind)
{
	return (!opts->kinds || opts->kinds >> kind & 1) &&
	       !dmabuf_trace_lacks(run->trace, kind);
}

/* Return: why bytes cannot be counted, NULL when they can. */
static const char *lacks_bytes(const struct run *run,
			       const struct dmabuf_trace_opts *opts)
{
	if (opts->pid)
		return "with --pid, what other processes make and free is not "
		       "seen";
	if (!sees(run, opts, DMABUF_EVENT_MADE) ||
	    !sees(run, opts, DMABUF_EVENT_FREED))
		return "they need the events made and freed";
	return NULL;
}

static int begin_format(struct run *run, const struct dmabuf_trace_opts *opts)
{
	const struct trace_setup setup = { &run->env->view,
					   lacks_bytes(run, opts) };

	if (setup.lacks_bytes && run->output.format->counts_bytes)
		message("no counters of bytes: %s", setup.lacks_bytes);
	return trace_output_begin(&run->output, &setup);
}

/* Return: 0, or STATUS_FAILED after a message. */
static int begin(struct run *run, const struct dmabuf_trace_opts *opts)
{
	const struct trace_options *own = run->env->own;
	unsigned int keep;
	int status;

	privileges_raise(PRIVILEGES_LOAD | PRIVILEGES_RUN);
	if (dmabuf_trace_new(run->env->ctx, opts, &run->trace))
		return cmd_failed(run->env);
	/* Kernels before 5.18 ask for it when skips are counted. */
	keep = PRIVILEGES_RUN | (own->stacks ? PRIVILEGES_NAME : 0);
	privileges_drop(keep);
	status = trace_output_open(&run->output, run->env, own->output);
	privileges_raise(keep);
	return status ?: begin_format(run, opts);
}

/* Return: how many kinds of events cannot be seen here, which is then said. */
static int tell_gaps(const struct run *run)
{
	enum dmabuf_event_kind kind;
	const char *why;
	int n = 0;

	for (kind = 0; kind < DMABUF_EVENT_LOST; kind++) {
		why = dmabuf_trace_lacks(run->trace, kind);
		if (!why)
			continue;
		message_gap(0, dmabuf_event_name(kind), why, NULL);
		n++;
	}
	return n;
}

/* Writes what there is. Return: as dmabuf_trace_next() at last. */
static int write_events(struct run *run)
{
	const struct dmabuf_event *event;
	int n, r = 0;

	for (n = 0; n < EVENTS_AT_A_TIME && !run->output.err; n++) {
		r = dmabuf_trace_next(run->trace, &event);
		if (r == -ENOMEM)
			run->output.err = r;
		if (r)
			break;
		run->lost += event->lost;
		trace_output_put(&run->output, event);
	}
	trace_output_flush(&run->output);
	return r;
}

static void watch(struct run *run)
{
	const int fd = dmabuf_trace_fd(run->trace);

	do {
		if (write_events(run) == -EAGAIN)
			trace_ends_wait(&run->ends, fd);
	} while (!trace_ends_reached(&run->ends) && !run->output.err);
	dmabuf_trace_stop(run->trace);
	while (!run->output.err && write_events(run) != -ENODATA)
		;
}

/* Says what is missing. Return: the exit status. */
static int end(struct run *run, bool has_child, int gaps)
{
	int status;

	trace_ends_wait_for_child(&run->ends);
	status = trace_output_end(&run->output, run->env);
	if (status)
		return status;
	if (run->lost)
		message_gap(run->lost, run->lost == 1 ? "event" : "events",
			    "lost; marked where that was noticed", NULL);
	if (has_child)
		return run->ends.child_status;
	return run->lost || gaps ? STATUS_GAPS : STATUS_WHOLE;
}

/* Until the first event, a terminal shows nothing else. */
static void say_what(const struct run *run,
		     const struct dmabuf_trace_opts *opts)
{
	const struct trace_options *own = run->env->own;
	char process[32] = "";

	if (!isatty(STDERR_FILENO))
		return;
	if (opts->pid)
		snprintf(process, sizeof(process), " in process %" PRIu32,
			 opts->pid);
	message("waiting for %s%s%s; Ctrl-C ends this", own->events ?: "events",
		process,
		opts->exporter || opts->min_size ? " of some buffers" : "");
}

static int trace(struct run *run, char **argv)
{
	int gaps = tell_gaps(run);
	int r = trace_ends_begin(&run->ends, argv);

	if (r)
		return r;
	watch(run);
	return end(run, argv[0], gaps);
}

static int run_trace(struct cmd_env *env, int argc, char **argv)
{
	struct dmabuf_trace_opts opts = { .size = sizeof(opts) };
	struct run run = { .env = env, .ends = TRACE_ENDS_NONE };
	int status = read_options(&run, argc, &opts);

	if (!status)
		status = trace_target_open(env, opts.pid, &run.ends.target);
	if (!status)
		status = begin(&run, &opts);
	if (!status && !argc)
		say_what(&run, &opts);
	if (!status)
		status = trace(&run, argv);
	trace_output_fini(&run.output);
	dmabuf_trace_free(run.trace);
	trace_ends_fini(&run.ends);
	return status;
}

const struct cmd cmd_trace = {
	.name = "trace",
	.args = "[-- COMMAND...]",
	.summary = "show what happens to buffers, as it happens",
	.flags = CMD_ROWS | CMD_BTF,
	.options = options,
	.options_size = sizeof(struct trace_options),
	.array = "events",
	.columns = event_columns,
	.run = run_trace,
};
