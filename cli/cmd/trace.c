// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf trace: what happens to buffers, as it happens. */
#include <dmabuf/trace.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/rows/event.h"
#include "cli/trace.h"
#include "cli/trace_child.h"
#include "cli/trace_target.h"
#include "ui/message.h"
#include "ui/privileges.h"
#include "ui/quantity.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/now.h"

enum {
	/* So many events are written before signals are looked for. */
	EVENTS_AT_A_TIME = 4096,
	/* The longest time between an event and its line. */
	WAIT_MS = 100,
	/* As a shell ends when there is no such command, or it cannot be run.
	 */
	STATUS_NO_COMMAND = 127,
	STATUS_NOT_RUN = 126,
};

struct trace_options {
	const char *events, *exporter, *time, *format, *output;
	uint64_t pid, min_size;
	bool kprobes;
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
	const struct trace_format *format;
	FILE *out; /* that of @env, or of --output */
	void *writer;
	struct trace_target target;
	int err; /* -errno of what could not be written */
	uint64_t lost;
	uint64_t time_ns; /* how long; 0: without an end */
	uint64_t until_ns; /* the same, once it has begun */
	int signals; /* descriptor */
	sigset_t mask; /* before they were blocked */
	pid_t child; /* 0: none */
	int child_status;
	bool done;
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

static const struct trace_format *const trace_formats[] = {
#define TRACE_FORMAT(name) &trace_format_##name,
	TRACE_FORMATS(TRACE_FORMAT)
};

static int read_format(struct run *run)
{
	const struct trace_options *own = run->env->own;
	const char *name = own->format;
	struct suggestion near;
	size_t i;

	if (!name)
		name = run->env->options.json ? "json" : "table";
	else if (run->env->options.json && strcmp(name, "json"))
		return cmd_usage(run->env,
				 "--json goes with no other --format");
	suggest_begin(&near, name, strlen(name));
	for (i = 0; i < ARRAY_SIZE(trace_formats); i++) {
		suggest_try(&near, trace_formats[i]->name);
		if (!strcmp(trace_formats[i]->name, name))
			run->format = trace_formats[i];
	}
	return run->format ? 0
			   : cmd_unknown(run->env, &near,
					 "no format is called '%s'", name);
}

/* Columns were chosen for a table, unless there was --json. */
static int choose_columns(struct run *run)
{
	struct cmd_env *env = run->env;

	if (!run->format->columns && env->options.columns)
		return cmd_usage(env, "--columns goes with no --format %s",
				 run->format->name);
	if (run->format->columns != COLUMN_JSON || env->options.json)
		return 0;
	env->format = format_find("json");
	env->view.n = 0;
	return cmd_choose(env);
}

static int read_time(struct run *run, int argc)
{
	const struct trace_options *own = run->env->own;

	if (!own->time)
		return 0;
	if (argc)
		return cmd_usage(run->env, "--for goes with no command");
	if (duration_parse(own->time, &run->time_ns) || !run->time_ns)
		return cmd_usage(run->env,
				 "invalid time '%s': give one such as 90s, 10m "
				 "or 1h30m",
				 own->time);
	return 0;
}

/* Called when programs are loaded: that takes no part of the time. */
static void begin_time(struct run *run)
{
	if (run->time_ns &&
	    __builtin_add_overflow(now_boot_ns(), run->time_ns, &run->until_ns))
		run->until_ns = 0;
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
	return read_kinds(run->env, &opts->kinds) ?: read_format(run) ?:
	       choose_columns(run) ?: read_time(run, argc);
}

/*
 * Opens the file of --output, with the rights that the user has. Return: 0, or
 * STATUS_FAILED after a message.
 */
static int open_output(struct run *run)
{
	const struct trace_options *own = run->env->own;

	run->out = run->env->out;
	if (!own->output || !strcmp(own->output, "-"))
		return 0;
	run->out = fopen(own->output, "we");
	return run->out ? 0 : cmd_failed_at(own->output, strerror(errno), NULL);
}

static void close_output(struct run *run)
{
	if (run->out && run->out != run->env->out)
		(void)fclose(run->out);
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

	if (setup.lacks_bytes && run->format->counts_bytes)
		message("no counters of bytes: %s", setup.lacks_bytes);
	run->writer = run->format->begin(run->out, &setup);
	return run->writer ? 0 : cmd_no_memory();
}

/* Return: 0, or STATUS_FAILED after a message. */
static int begin(struct run *run, const struct dmabuf_trace_opts *opts)
{
	int status;

	privileges_raise(PRIVILEGES_LOAD | PRIVILEGES_RUN);
	if (dmabuf_trace_new(run->env->ctx, opts, &run->trace))
		return cmd_failed(run->env);
	/* Kernels before 5.18 ask for it when skips are counted. */
	privileges_drop(PRIVILEGES_RUN);
	status = open_output(run);
	privileges_raise(PRIVILEGES_RUN);
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

/* Written to by the signal that ends this, so that it also ends a poll(). */
static int signalled = -1;

static void on_signal(int signal)
{
	const int err = errno;

	(void)signal;
	(void)eventfd_write(signalled, 1);
	errno = err;
}

static bool is_ignored(int signal)
{
	struct sigaction action = {};

	return !sigaction(signal, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

/*
 * The first signal ends this in order, once what is being written is written.
 * When nobody reads that, a second signal ends this at once. SIGHUP is left
 * alone when nohup(1) has asked for that.
 */
static int handle_signals(struct run *run)
{
	const struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | SA_RESETHAND,
	};

	run->signals = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (run->signals < 0)
		return cmd_failed_at("eventfd", strerror(errno), NULL);
	signalled = run->signals;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!is_ignored(SIGHUP))
		sigaction(SIGHUP, &action, NULL);
	return 0;
}

/*
 * Blocks signals, for a descriptor: a command gets them. What is blocked is not
 * ignored any more, so SIGHUP is left alone when nohup(1) has asked for that.
 * When SIGCHLD is ignored, the kernel does not tell how a command ended.
 */
static int block_signals(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&set, SIGHUP);
	signal(SIGCHLD, SIG_DFL);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &run->mask);
	run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return run->signals < 0
		       ? cmd_failed_at("signalfd", strerror(errno), NULL)
		       : 0;
}

/* Return: 0, or an exit status after a message. */
static int start_child(struct run *run, char **argv)
{
	pid_t child = trace_child_start(argv, &run->mask);

	if (child < 0) {
		cmd_failed_at(argv[0], strerror(-child), NULL);
		return child == -ENOENT ? STATUS_NO_COMMAND : STATUS_NOT_RUN;
	}
	/* A command is waited for, also when nobody reads what it does. */
	signal(SIGPIPE, SIG_IGN);
	run->child = child;
	return 0;
}

static void take_signals(struct run *run)
{
	struct signalfd_siginfo signal;
	eventfd_t count;

	if (run->signals == signalled) {
		run->done |= !eventfd_read(signalled, &count);
		return;
	}
	while (read(run->signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo == SIGCHLD && run->child)
			run->done |= trace_child_has_ended(run->child,
							   &run->child_status);
		else if (signal.ssi_signo != SIGCHLD && run->child)
			trace_child_pass(run->child, &signal);
		else if (signal.ssi_signo != SIGCHLD)
			run->done = true;
		/* The number may soon be another process's. */
		if (run->done)
			run->child = 0;
	}
}

static void keep_error(struct run *run, int err)
{
	if (!run->err)
		run->err = err;
}

static void flush(struct run *run)
{
	if (!run->err && (fflush(run->out) || ferror(run->out)))
		keep_error(run, errno ? -errno : -EIO);
}

/* Writes what there is. Return: as dmabuf_trace_next() at last. */
static int write_events(struct run *run, unsigned int most)
{
	const struct dmabuf_event *event;
	int r = 0;

	while (most-- && !run->err) {
		r = dmabuf_trace_next(run->trace, &event);
		if (r)
			break;
		run->lost += event->lost;
		keep_error(run, run->format->put(run->writer, event));
	}
	if (!run->err)
		keep_error(run, run->format->flush(run->writer));
	flush(run);
	return r;
}

/* Return: how long to wait for something, in milliseconds. */
static int wait_ms(const struct run *run)
{
	uint64_t now = now_boot_ns();

	if (!run->until_ns || run->until_ns > now + WAIT_MS * 1000000ULL)
		return WAIT_MS;
	return run->until_ns > now ? (run->until_ns - now) / 1000000 + 1 : 0;
}

static void watch(struct run *run)
{
	struct pollfd fds[] = {
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = dmabuf_trace_fd(run->trace), .events = POLLIN },
		{ .fd = run->target.fd, .events = POLLIN },
	};

	while (!run->done && !run->err) {
		if (write_events(run, EVENTS_AT_A_TIME) == -EAGAIN)
			(void)poll(fds, ARRAY_SIZE(fds), wait_ms(run));
		take_signals(run);
		/* Its number may be another's soon. A command is waited for. */
		run->done |= trace_target_ended(&run->target) && !run->child;
		fds[2].fd = run->target.fd;
		run->done |= run->until_ns && now_boot_ns() >= run->until_ns;
	}
	dmabuf_trace_stop(run->trace);
	while (!run->err && write_events(run, EVENTS_AT_A_TIME) != -ENODATA)
		;
	if (!run->err)
		keep_error(run, run->format->end(run->writer, now_boot_ns()));
	flush(run);
}

/* Waits for a command that is not traced any more. */
static void wait_for_child(struct run *run)
{
	struct pollfd fd = { .fd = run->signals, .events = POLLIN };

	while (run->child) {
		run->done = false;
		(void)poll(&fd, 1, -1);
		take_signals(run);
	}
}

/* What could not be written. Return: STATUS_FAILED. */
static int fail_output(struct run *run)
{
	const struct trace_options *own = run->env->own;

	if (run->out != run->env->out)
		return cmd_failed_at(own->output, strerror(-run->err), NULL);
	run->env->out_err = -run->err;
	return STATUS_FAILED;
}

/* Says what is missing. Return: the exit status. */
static int end(struct run *run, bool has_child, int gaps)
{
	wait_for_child(run);
	if (run->err == -ENOMEM)
		return cmd_no_memory();
	if (run->err)
		return fail_output(run);
	if (run->lost)
		message_gap(run->lost, run->lost == 1 ? "event" : "events",
			    "lost; marked where that was noticed", NULL);
	if (has_child)
		return run->child_status;
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
	int r = argv[0] ? block_signals(run) : handle_signals(run);

	if (!r && argv[0])
		r = start_child(run, argv);
	if (r)
		return r;
	begin_time(run);
	watch(run);
	return end(run, argv[0], gaps);
}

static int run_trace(struct cmd_env *env, int argc, char **argv)
{
	struct dmabuf_trace_opts opts = { .size = sizeof(opts) };
	struct run run = { .env = env, .signals = -1, .target.fd = -1 };
	int status = read_options(&run, argc, &opts);

	if (!status)
		status = trace_target_open(env, opts.pid, &run.target);
	if (!status)
		status = begin(&run, &opts);
	if (!status && !argc)
		say_what(&run, &opts);
	if (!status)
		status = trace(&run, argv);
	if (run.writer)
		run.format->free(run.writer);
	close_output(&run);
	dmabuf_trace_free(run.trace);
	close_cleanup(&run.target.fd);
	close_cleanup(&run.signals);
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
