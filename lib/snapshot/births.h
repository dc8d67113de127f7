/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Births of a snapshot's buffers. */
#ifndef SNAPSHOT_BIRTHS_H
#define SNAPSHOT_BIRTHS_H

#include "snapshot/snapshot.h"

/*
 * Sorts births, and drops those that are of no buffer of the snapshot, whose
 * buffers are joined: of buffers that were freed meanwhile, or of another one
 * that had the same address. Return: 0 or -ENOMEM.
 */
int snapshot_join_births(struct dmabuf_snapshot *snapshot);

#endif
