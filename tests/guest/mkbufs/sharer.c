// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/child.h"
#include "mkbufs/sharer.h"
#include "mkbufs/world.h"

/*
 * Sleeps until it is killed. Calls the kernel without libc's functions, whose
 * variables may be shared with the parent; ppoll because arm64 has no pause.
 */
static int sharer_run(void *arg)
{
	if (arg)
		syscall(SYS_close_range, 3, ~0U, 0);
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

/*
 * A process of its own that shares the table of descriptors, or the memory; in
 * the second case its own table is emptied.
 */
pid_t sharer_start(struct world *w, int share)
{
	void *stack = mmap(NULL, SHARER_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (stack == MAP_FAILED || w->nsharers == MAX_CHILDREN)
		die("no stack for a process: %s", strerror(errno));
	pid = clone(sharer_run, (char *)stack + SHARER_STACK, share | SIGCHLD,
		    share & CLONE_VM ? w : NULL);
	if (pid < 0)
		die("clone: %s", strerror(errno));
	w->sharers[w->nsharers++] = (struct sharer){ pid, stack };
	return pid;
}
