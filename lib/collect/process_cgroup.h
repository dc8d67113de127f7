/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the cgroups of processes. */
#ifndef COLLECT_PROCESS_CGROUP_H
#define COLLECT_PROCESS_CGROUP_H

#include "snapshot/snapshot.h"
#include "util/sysroot.h"

/*
 * Fills in the cgroup of each process of @snapshot. It stays empty for a
 * process that has exited or denies access.
 */
void process_read_cgroups(const struct sysroot *sysroot,
			  struct dmabuf_snapshot *snapshot);

/*
 * Finds a path in the text of /proc/PID/cgroup: that of systemd's own
 * hierarchy, else the unified one's, else that of a controller; the top of a
 * hierarchy only if there is nothing else. Return: whether there is one.
 */
bool process_parse_cgroup(const char *text, char *path, size_t size);

#endif
