// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trace/ends.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/trace/child.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/now.h"

enum {
	/* The longest time between an event and its line. */
	WAIT_MS = 100,
	/* As a shell ends when there is no such command, or it cannot be run.
	 */
	STATUS_NO_COMMAND = 127,
	STATUS_NOT_RUN = 126,
};

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
static int handle_signals(struct trace_ends *ends)
{
	const struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | SA_RESETHAND,
	};

	ends->signals = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ends->signals < 0)
		return cmd_failed_at("eventfd", strerror(errno), NULL);
	signalled = ends->signals;
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
static int block_signals(struct trace_ends *ends)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&set, SIGHUP);
	signal(SIGCHLD, SIG_DFL);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &ends->mask);
	ends->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return ends->signals < 0
		       ? cmd_failed_at("signalfd", strerror(errno), NULL)
		       : 0;
}

/* Return: 0, or an exit status after a message. */
static int start_child(struct trace_ends *ends, char **argv)
{
	pid_t child = trace_child_start(argv, &ends->mask);

	if (child < 0) {
		cmd_failed_at(argv[0], strerror(-child), NULL);
		return child == -ENOENT ? STATUS_NO_COMMAND : STATUS_NOT_RUN;
	}
	/* A command is waited for, also when nobody reads what it does. */
	signal(SIGPIPE, SIG_IGN);
	ends->child = child;
	return 0;
}

int trace_ends_begin(struct trace_ends *ends, char **argv)
{
	int r = argv[0] ? block_signals(ends) : handle_signals(ends);

	if (!r && argv[0])
		r = start_child(ends, argv);
	if (!r && ends->time_ns &&
	    __builtin_add_overflow(now_boot_ns(), ends->time_ns,
				   &ends->until_ns))
		ends->until_ns = 0;
	return r;
}

static void take_signals(struct trace_ends *ends)
{
	struct signalfd_siginfo signal;
	eventfd_t count;

	if (ends->signals == signalled) {
		ends->done |= !eventfd_read(signalled, &count);
		return;
	}
	while (read(ends->signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo == SIGCHLD && ends->child)
			ends->done |= trace_child_has_ended(
				ends->child, &ends->child_status);
		else if (signal.ssi_signo != SIGCHLD && ends->child)
			trace_child_pass(ends->child, &signal);
		else if (signal.ssi_signo != SIGCHLD)
			ends->done = true;
		/* The number may soon be another process's. */
		if (ends->done)
			ends->child = 0;
	}
}

/* Return: how long to wait for something, in milliseconds. */
static int wait_ms(const struct trace_ends *ends)
{
	uint64_t now = now_boot_ns();

	if (!ends->until_ns || ends->until_ns > now + WAIT_MS * 1000000ULL)
		return WAIT_MS;
	return ends->until_ns > now ? (ends->until_ns - now) / 1000000 + 1 : 0;
}

void trace_ends_wait(const struct trace_ends *ends, int fd)
{
	struct pollfd fds[] = {
		{ .fd = ends->signals, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
		{ .fd = ends->target.fd, .events = POLLIN },
	};

	(void)poll(fds, ARRAY_SIZE(fds), wait_ms(ends));
}

bool trace_ends_reached(struct trace_ends *ends)
{
	take_signals(ends);
	/* Its number may be another's soon. A command is waited for. */
	ends->done |= trace_target_ended(&ends->target) && !ends->child;
	ends->done |= ends->until_ns && now_boot_ns() >= ends->until_ns;
	return ends->done;
}

void trace_ends_wait_for_child(struct trace_ends *ends)
{
	struct pollfd fd = { .fd = ends->signals, .events = POLLIN };

	while (ends->child) {
		ends->done = false;
		(void)poll(&fd, 1, -1);
		take_signals(ends);
	}
}

void trace_ends_fini(struct trace_ends *ends)
{
	close_cleanup(&ends->target.fd);
	close_cleanup(&ends->signals);
}
