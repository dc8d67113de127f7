/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef ABI_LIST_WALK_H
#define ABI_LIST_WALK_H

/*
 * Names of the list in each kernel. v5.10, v6.1: a struct dma_buf_list that
 * begins with the list_head. v6.12: debugfs_list. Since Linux kernel commit
 * 89f9dba365e1 ("dma-buf: Rename debugfs symbols") (in v6.16): dmabuf_list.
 */
#define SYMBOL_LIST	    "dmabuf_list"
#define SYMBOL_LIST_DEBUGFS "debugfs_list"
#define SYMBOL_LIST_OLD	    "db_list"
#define SYMBOL_FOPS	    "dma_buf_fops"

/* How a run of the walk ended. */
enum list_walk_end {
	WALK_MORE, /* the run was long enough: run it again */
	WALK_DONE, /* reached the head of the list again */
	WALK_FULL, /* the ring has no room: drain it and run again */
	WALK_TORN, /* the list changed at this place: retry */
};

#endif
