/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the programs that note births keep in the kernel. */
#ifndef ABI_BIRTHS_H
#define ABI_BIRTHS_H

#ifndef DMABUF_REC_NO_TYPES
#include <assert.h>
#include <linux/types.h>
#endif

/* Increased when one of these structs changes. */
#define TRACK_VERSION 1

#define BIRTH_COMM_LEN 16

/**
 * struct birth - who made a buffer; the key is the address of its struct
 * dma_buf
 * @ino: inode number of the buffer
 * @time_ns: when, of CLOCK_BOOTTIME
 * @cgroup: number of the cgroup that the thread was in
 * @pid: process, as the first PID namespace numbers it
 * @tid: thread, the same way
 * @uid: user, as the first user namespace numbers it
 * @comm: name of the process
 */
struct birth {
	__u64 ino;
	__u64 time_ns;
	__u64 cgroup;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__u32 reserved;
	char comm[BIRTH_COMM_LEN];
};

static_assert(sizeof(struct birth) == 56, "two versions may share it");

/**
 * struct track_state - what was noted
 * @version: TRACK_VERSION
 * @max: how many births there is room for
 * @since_ns: when it began, of CLOCK_BOOTTIME
 * @noted: buffers whose births were noted
 * @gone: those of them that were freed
 * @lost: buffers that the last program had no room for, and with kprobes those
 *	that are being made; once read, all that were not noted
 * @full: how often the first program had no room
 * @late: buffers that only the last program saw
 */
struct track_state {
	__u32 version;
	__u32 max;
	__u64 since_ns;
	__u64 noted;
	__u64 gone;
	__u64 lost;
	__u64 full;
	__u64 late;
};

static_assert(sizeof(struct track_state) == 56, "two versions may share it");

#endif
