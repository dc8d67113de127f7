// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/sharer.h"
#include "mkbufs/world.h"

/*
 * Sleeps until it is killed. It makes system calls without libc's functions,
 * because it may share libc's variables with the parent. arm64 has ppoll but no
 * pause.
 */
static int sharer_run(void *close_all)
{
	if (close_all)
		syscall(SYS_close_range, 3, ~0U, 0);
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

pid_t sharer_start(struct world *w, int share)
{
	void *stack = mmap(NULL, SHARER_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (w->nsharers == MAX_SHARERS)
		die("more than %d processes that share", MAX_SHARERS);
	if (stack == MAP_FAILED)
		die("mmap of a stack: %s", strerror(errno));
	pid = clone(sharer_run, (char *)stack + SHARER_STACK, share | SIGCHLD,
		    share & CLONE_VM ? w : NULL);
	if (pid < 0)
		die("clone: %s", strerror(errno));
	w->sharers[w->nsharers++] = (struct sharer){ pid, stack };
	return pid;
}

void sharers_end(struct world *w)
{
	size_t i;

	for (i = 0; i < w->nsharers; i++) {
		kill(w->sharers[i].pid, SIGKILL);
		waitpid(w->sharers[i].pid, NULL, 0);
		munmap(w->sharers[i].stack, SHARER_STACK);
	}
}
