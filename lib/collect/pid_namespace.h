/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PID namespace of the reader. The kernel's iterators over tasks and /proc
 * show only the processes in it and below it.
 */
#ifndef COLLECT_PID_NAMESPACE_H
#define COLLECT_PID_NAMESPACE_H

#include <stdbool.h>

#include "snapshot/snapshot.h"
#include "util/sysroot.h"

/*
 * Whether the reader sees the processes of all namespaces: whether it is in the
 * initial PID namespace. True for a recorded tree, which does not tell. False
 * if /proc does not show the reader: then it is the mount of another namespace.
 */
bool pid_namespace_is_initial(const struct sysroot *sysroot);

/*
 * Adds the gap of processes that are outside the namespace. @what: see struct
 * dmabuf_rec_gap. Return: 0 or -ENOMEM.
 */
int pid_namespace_add_gap(struct dmabuf_snapshot *snapshot, const char *what);

#endif
