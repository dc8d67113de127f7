/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends a trace: time, a signal, the end of a process or of a command. */
#ifndef CLI_TRACE_ENDS_H
#define CLI_TRACE_ENDS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/trace/target.h"

/**
 * struct trace_ends - what ends a trace
 * @time_ns: how long it may last; 0: without an end
 * @target: process that it is of
 * @until_ns: when the time is over, once it has begun
 * @signals: descriptor that tells of signals
 * @mask: of signals, before some were blocked
 * @child: command that runs; 0: none
 * @child_status: exit status of a command that has ended
 * @done: one of them has come
 */
struct trace_ends {
	uint64_t time_ns;
	struct trace_target target;
	uint64_t until_ns;
	int signals;
	sigset_t mask;
	pid_t child;
	int child_status;
	bool done;
};

#define TRACE_ENDS_NONE                                                        \
	{                                                                      \
		.target.fd = -1, .signals = -1                                 \
	}

/*
 * Begins to look for signals, starts the command @argv if there is one, and
 * begins the time. Return: 0, or an exit status after a message.
 */
int trace_ends_begin(struct trace_ends *ends, char **argv);

/* Waits a moment for events in @fd, or for an end. */
void trace_ends_wait(const struct trace_ends *ends, int fd);

/* Return: whether one of the ends has come. */
bool trace_ends_reached(struct trace_ends *ends);

/* Waits for a command that is not traced any more. */
void trace_ends_wait_for_child(struct trace_ends *ends);

void trace_ends_fini(struct trace_ends *ends);

#endif
