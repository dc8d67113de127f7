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

/**
 * struct table_pass - where a pass over all tasks is
 * @epoch: in: all kinds of files are unknown when it grows by NEXT_EPOCH
 * @task: the task whose table is only read in part; the reader begins with 0.
 *	Another task may have the same address later
 * @files: its table
 * @slots: address of the first slot of this
 * @pid: its number
 * @fd: its next descriptor
 * @owners: out: how many the array has; the reader sets them to 0 when it has
 *	emptied the arrays
 * @entries: out: likewise
 * @torn: out: tasks that got another table while theirs was read; it was
 *	skipped
 * @reserved: zero
 */
struct table_pass {
	__u64 epoch;
	__u64 task;
	__u64 files;
	__u64 slots;
	__u32 pid;
	__u32 fd;
	__u32 owners;
	__u32 entries;
	__u32 torn;
	__u32 reserved;
};

/* Above the bits that tell addresses of the kernel apart. */
#define NEXT_EPOCH (1ULL << 48)

/* How many the arrays have; a full one is emptied, and the reading goes on. */
#define TABLE_OWNERS  512
#define TABLE_ENTRIES 4096

#endif
