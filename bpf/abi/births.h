/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the programs that note births keep in the kernel. */
#ifndef ABI_BIRTHS_H
#define ABI_BIRTHS_H

#include "abi/records.h"

/* Increased when one of these structs changes. */
#define TRACK_VERSION 4

/* The most bytes of a pattern of exporters, with the zero that ends it. */
#define TRACK_GLOB_LEN 64

/*
 * The most frames of a stack that are kept, the bytes of one, and the most that
 * the kernel's has more for our program and what calls it.
 */
#define BIRTH_FRAMES_MAX   64
#define BIRTH_OWN_FRAMES   4
#define BIRTH_KERNEL_FRAME 8
#define BIRTH_USER_FRAME   32

/**
 * struct birth - who made a buffer; the key is the address of its struct
 * dma_buf
 * @ino: inode number of the buffer
 * @time_ns: when, of CLOCK_BOOTTIME
 * @cgroup: number of the cgroup that the thread was in
 * @pid: process, as the first PID namespace numbers it
 * @tid: thread, the same way
 * @uid: user, as the first user namespace numbers it
 * @kernel_bytes: of the kernel's stack, or -errno
 * @user_bytes: of the stack in user space, or -errno
 * @comm: name of the process
 *
 * Behind it in the map, if stacks are noted: room for BIRTH_OWN_FRAMES and
 * track_state::depth frames of the kernel, each an address, and for depth of
 * user space, each a struct bpf_stack_build_id. They go with the birth.
 */
struct birth {
	__u64 ino;
	__u64 time_ns;
	__u64 cgroup;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__s16 kernel_bytes;
	__s16 user_bytes;
	char comm[DMABUF_REC_COMM_LEN];
};

static_assert(sizeof(struct birth) == 56, "two versions may share it");

/*
 * What calls the programs: mainline's tracepoint; trampolines; or kprobes, on
 * kernels without both: of arm64 before v6.4, or without types.
 */
enum track_way { TRACK_TRACEPOINT, TRACK_TRAMPOLINES, TRACK_KPROBES };

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
 * @late: buffers that only the last program saw; less than 0 while that is to
 *	be counted of one that the first program saw, too
 * @others: buffers of other exporters, whose births are not wanted
 * @depth: how many frames of a stack there is room for, 0: none is noted
 * @own_frames: how many of the kernel's are our program and what calls it; the
 *	most of them if there is @function
 * @function: the kernel's address of what calls the program, if the number of
 *	frames between them is not known; or 0
 * @exporter: pattern of the exporters whose births are wanted; empty: all
 */
struct track_state {
	__u32 version;
	__u32 max;
	__u64 since_ns;
	__u64 noted;
	__u64 gone;
	__u64 lost;
	__u64 full;
	__s64 late;
	__u64 others;
	__u32 depth;
	__u32 own_frames;
	__u64 function;
	char exporter[TRACK_GLOB_LEN];
};

static_assert(sizeof(struct track_state) == 144, "two versions may share it");

/**
 * struct track_glob - a pattern as a program matches it, without branches
 * @next: bit N for each byte that may be the Nth of those that the pattern
 *	names, the first being 1
 * @stay: bit N when a '*' is behind the Nth one
 * @end: the bit of the last one; 0: there is no pattern
 *
 * Bit N of a number is set while what was read may end at the Nth one. Only bit
 * 0 is, before anything was read.
 */
struct track_glob {
	__u64 next[256];
	__u64 stay;
	__u64 end;
};

#endif
