// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trace/target.h"

#include <inttypes.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/operand.h"
#include "ui/message.h"
#include "util/cleanup.h"

int trace_target_open(struct cmd_env *env, uint64_t pid,
		      struct trace_target *ret)
{
	int fd, status;

	if (!pid)
		return 0;
	/* Opened first: a process that ends meanwhile is not another one. */
	fd = syscall(SYS_pidfd_open, (pid_t)pid, 0);
	status = operand_check_pid(env, pid);
	if (status) {
		close_cleanup(&fd);
		return status;
	}
	*ret = (struct trace_target){ pid, fd };
	return 0;
}

bool trace_target_ended(struct trace_target *target)
{
	struct pollfd fd = { .fd = target->fd, .events = POLLIN };

	if (target->fd < 0 || poll(&fd, 1, 0) <= 0)
		return false;
	close_cleanup(&target->fd);
	target->fd = -1;
	message("process %" PRIu64 " has ended", target->pid);
	return true;
}
