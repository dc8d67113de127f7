/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the program tables and lib/collect/tables.c share. */
#ifndef ABI_TABLES_H
#define ABI_TABLES_H

#include "abi/records.h"

/**
 * struct table_owner - a task whose table of descriptors has entries
 * @table: address of the table
 * @pid: process, as the reader's PID namespace numbers it
 * @tid: thread with the table, @pid when all threads share it
 * @comm: name of the process
 */
struct table_owner {
	__u64 table;
	__u32 pid;
	__u32 tid;
	char comm[DMABUF_REC_COMM_LEN];
};

/**
 * struct table_entry - a descriptor of a buffer, or of a file that may keep one
 * @key: see struct dmabuf_rec_ref
 * @fd: the descriptor
 * @type: one of enum dmabuf_rec_ref_type
 * @owner: index of its struct table_owner
 */
struct table_entry {
	__u64 key;
	__u32 fd;
	__u16 type;
	__u16 owner;
};

/* Above the bits that tell addresses of the kernel apart. */
#define NEXT_EPOCH (1ULL << 48)

/* How many the arrays have; a full one is emptied, and the reading goes on. */
#define TABLE_OWNERS  512
#define TABLE_ENTRIES 4096

#endif
