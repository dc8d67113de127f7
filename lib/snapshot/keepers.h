/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that keep buffers, and how each is reached. */
#ifndef SNAPSHOT_KEEPERS_H
#define SNAPSHOT_KEEPERS_H

#include "snapshot/snapshot.h"

/* Sorts the keepers of a snapshot by number, which finding them needs. */
void snapshot_sort_keepers(struct dmabuf_snapshot *snapshot);

#endif
