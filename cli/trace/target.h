/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that alone is traced. */
#ifndef CLI_TRACE_TARGET_H
#define CLI_TRACE_TARGET_H

#include "cli/cmd.h"

struct trace_target {
	uint64_t pid; /* 0: all processes */
	int fd; /* readable once it has ended; -1: that is not told */
};

/*
 * Sees to it that a process is there, and watches it. Return: 0, or
 * STATUS_FAILED after a message.
 */
int trace_target_open(struct cmd_env *env, uint64_t pid,
		      struct trace_target *ret);

/* Whether it has ended, which is said once. */
bool trace_target_ended(struct trace_target *target);

#endif
