/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIB_HEAP_H
#define LIB_HEAP_H

/* Where the nodes are, below the root. */
#define HEAP_DIR "dev/dma_heap"

#endif
