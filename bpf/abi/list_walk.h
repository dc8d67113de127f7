/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the programs of list_walk and lib/collect/list_walk.c share. */
#ifndef ABI_LIST_WALK_H
#define ABI_LIST_WALK_H

#include <linux/types.h>

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
	WALK_FULL, /* no room for attachments: empty the arrays, run it again */
	WALK_TORN, /* the list changed at this place: retry */
	WALK_NAME, /* inside a run: the name was being changed: retry */
	WALK_ATTACHED, /* walk_simple: the next buffer needs walk_full */
};

/*
 * A bit of a buffer's record beside DMABUF_HAVE_*: its exporter is that of the
 * record before. Only the reader copies the text.
 */
#define SAME_EXPORTER 0x80000000U

/* No exporter has it: some give NULL. */
#define NO_EXPORTER 1

/**
 * struct list_walk_state - what the reader and the programs tell each other
 * @list_at: in: address of the list. It is in kallsyms, not in BTF:
 *	find_symbols() searches it, or the reader on a kernel without such a
 *	call. A kernel has at most one of the names of the list.
 * @fops_at: in: address of the buffers' file_operations, found likewise
 * @cursor: in and out: the current node of the walk; at the beginning the list
 * @last_exporter: address of the name of the last record's exporter; in:
 *	NO_EXPORTER
 * @buffers: out: how many records a run wrote; in: 0
 * @attached: out: how many attachments; in: 0
 * @pass: increases over all runs, so that each reading has its own number
 * @again: in: read only what tells whether a buffer and its references are the
 *	same
 */
struct list_walk_state {
	__u64 list_at, fops_at, cursor, last_exporter;
	__u32 buffers, attached, again, pass;
};

#endif
