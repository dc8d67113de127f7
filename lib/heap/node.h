/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device nodes of heaps. */
#ifndef HEAP_NODE_H
#define HEAP_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/context.h"
#include "util/vec.h"

/* The folder of the nodes, below the root. */
#define HEAP_NODES_DIR "dev/dma_heap"

/* Name of the default region's node since Linux v6.17, or with our patches. */
#define HEAP_DEFAULT_CMA "default_cma_region"

/* Its name in vendors' kernels, such as Rockchip's, whatever the region's is.
 */
#define HEAP_VENDOR_CMA "cma"

/*
 * Of nodes, and of regions. The kernel has room for 128 heaps; only a recorded
 * tree has more, and they are compared with each other.
 */
enum { HEAP_NODES_MAX = 1024 };

struct region;

/* One node. Another node of the same region is an alias of the first. */
struct heap_node {
	char name[64];
	bool has_device; /* false for a file of a recorded tree */
	dev_t device;
	dev_t of; /* with @number, is equal for links to one node */
	uint64_t number;
	bool is_link;
	int access; /* 0, or the -errno of opening it */
	/* Set by list.c. */
	const struct region *region; /* NULL: none, or unknown */
	size_t alias_of; /* index of the node whose alias it is, or its own */
};

/*
 * Fills @nodes, a vec of struct heap_node, sorted by name; at least one.
 * Return: 0, or -errno with the reason in @ctx->error.
 */
int nodes_read(struct dmabuf_ctx *ctx, struct vec *nodes);

/* Return: the node of this name, or NULL. */
const struct heap_node *nodes_find(const struct vec *nodes, const char *name);

#endif
