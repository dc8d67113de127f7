/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs while something watches it. */
#ifndef CLI_TRACE_CHILD_H
#define CLI_TRACE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

/*
 * Starts a command. @mask: its blocked signals. Return: its process ID, or
 * -errno when it cannot be run.
 */
pid_t trace_child_start(char **argv, const sigset_t *mask);

/*
 * Whether the command has ended; @ret takes its exit status, 128 and the number
 * for a signal.
 */
bool trace_child_has_ended(pid_t child, int *ret);

/*
 * Sends it a signal that came to us, unless it has it already: those of a
 * terminal go to both.
 */
void trace_child_pass(pid_t child, const struct signalfd_siginfo *signal);

#endif
