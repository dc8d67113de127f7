// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/pid_namespace.h"
#include "snapshot/gaps.h"

/* Inode number of the initial namespace, part of the ABI since Linux v3.8. */
#define PID_NS_INITIAL 0xeffffffcU

bool pid_namespace_is_initial(const struct sysroot *sysroot)
{
	struct stat st;

	if (!sysroot_is_live(sysroot))
		return true;
	if (!stat("/proc/self/ns/pid", &st))
		return st.st_ino == PID_NS_INITIAL;
	/* A kernel without CONFIG_PID_NS has only one. */
	return errno == ENOENT && !access("/proc/self/ns", F_OK);
}

int pid_namespace_add_gap(struct dmabuf_snapshot *snapshot, const char *what)
{
	return snapshot_add_gap(
		snapshot, what, 0,
		"processes outside this PID namespace cannot be seen; run on "
		"the host, or in a container that shares its PID namespace "
		"(--pid=host)");
}
