// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trace/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/privileges.h"
#include "util/cleanup.h"

/* Becomes the command, or tells @report why not. */
static void become(char **argv, const sigset_t *mask, int report)
{
	int err;

	privileges_drop(0);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	err = errno;
	(void)!write(report, &err, sizeof(err));
	_exit(127);
}

pid_t trace_child_start(char **argv, const sigset_t *mask)
{
	_cleanup_close_ int from = -1, to = -1;
	int pipe_fds[2], err;
	pid_t child;

	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	from = pipe_fds[0];
	to = pipe_fds[1];
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		become(argv, mask, to);
	close(take_fd(&to));
	/* The end of the file says that it was replaced by the command. */
	if (read(from, &err, sizeof(err)) != sizeof(err))
		return child;
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return -err;
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

bool trace_child_has_ended(pid_t child, int *ret)
{
	int status;

	if (waitpid(child, &status, WNOHANG) != child)
		return false;
	*ret = exit_status(status);
	return true;
}

void trace_child_pass(pid_t child, const struct signalfd_siginfo *signal)
{
	if (signal->ssi_code <= 0)
		kill(child, signal->ssi_signo);
}
