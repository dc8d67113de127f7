// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/confine.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/capability.h"
#include "util/cleanup.h"

/* Who owns nothing. */
enum { NOBODY = 65534 };

static void close_others(const int *keep, size_t n)
{
	unsigned int from = 0, next;
	size_t i;

	do {
		next = UINT_MAX;
		for (i = 0; i < n; i++)
			if (keep[i] >= 0 && (unsigned int)keep[i] >= from &&
			    (unsigned int)keep[i] < next)
				next = keep[i];
		if (next > from)
			(void)syscall(SYS_close_range, from, next - 1, 0);
		from = next + 1;
	} while (from);
}

static void die_first(void)
{
	_cleanup_close_ int fd =
		open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)!write(fd, "1000", 4);
}

/* What is refused here was not there to give up. */
static void drop_rights(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)!setgroups(0, NULL);
	(void)!setresgid(NOBODY, NOBODY, NOBODY);
	(void)!setresuid(NOBODY, NOBODY, NOBODY);
	(void)capability_limit(0, 0);
}

void confine(const int *keep, size_t n)
{
	die_first();
	drop_rights();
	/* The kernel clears both when the user changes. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	close_others(keep, n);
}
