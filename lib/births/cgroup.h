/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BIRTHS_CGROUP_H
#define BIRTHS_CGROUP_H

#include "snapshot/snapshot.h"

/*
 * Adds the paths of the cgroups of a snapshot's births. One that has gone since
 * is left out. Return: 0 or -ENOMEM.
 */
int births_add_cgroups(struct dmabuf_snapshot *snapshot);

#endif
