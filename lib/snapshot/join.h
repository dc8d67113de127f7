/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins references with buffers: processes, holders, ledgers. */
#ifndef SNAPSHOT_JOIN_H
#define SNAPSHOT_JOIN_H

#include "snapshot/snapshot.h"

/*
 * Makes holders, processes and ledgers from the references. Drops references to
 * buffers missing from the snapshot. Call it after snapshot_join_buffers().
 * Return: 0 or -ENOMEM.
 */
int snapshot_join_refs(struct dmabuf_snapshot *snapshot);

#endif
