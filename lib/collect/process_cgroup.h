/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /proc says of a process besides what it holds. */
#ifndef COLLECT_PROCESS_CGROUP_H
#define COLLECT_PROCESS_CGROUP_H

#include "snapshot/snapshot.h"
#include "util/sysroot.h"

/*
 * Fills in the cgroup of each process of @snapshot that has none. One that has
 * exited, or that we may not look at, keeps none.
 */
void process_read_cgroups(const struct sysroot *sysroot,
			  struct dmabuf_snapshot *snapshot);

/*
 * Finds the path in the text of a /proc/PID/cgroup: that of the unified
 * hierarchy, else of systemd's own. Return: whether there is one.
 */
bool process_parse_cgroup(const char *text, char *path, size_t size);

#endif
