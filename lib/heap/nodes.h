/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef HEAP_NODES_H
#define HEAP_NODES_H

/* Where the nodes are, below the root. */
#define HEAP_DIR "dev/dma_heap"

#endif
