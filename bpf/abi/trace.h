/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the programs that trace buffers tell, an event a record. */
#ifndef ABI_TRACE_H
#define ABI_TRACE_H

#include "abi/records.h"

/* In the order of enum dmabuf_event_kind. */
enum trace_kind {
	TRACE_MADE,
	TRACE_FREED,
	TRACE_ATTACHED,
	TRACE_DETACHED,
	TRACE_FD,
	TRACE_MAPPED,
	TRACE_RENAMED,
	TRACE_KINDS,
};

/* Bytes of the ring; with stacks it has eight times as many. */
#define TRACE_RING	  (4 << 20)
#define TRACE_STACKS_RING (8 * TRACE_RING)

/*
 * The most frames of a stack, the bytes of one, and how many more the kernel's
 * may have for our program and what calls it.
 */
#define TRACE_FRAMES	   32
#define TRACE_OWN_FRAMES   6
#define TRACE_KERNEL_FRAME 8
#define TRACE_USER_FRAME   32
#define TRACE_KERNEL_ROOM                                                      \
	((TRACE_FRAMES + TRACE_OWN_FRAMES) * TRACE_KERNEL_FRAME)
#define TRACE_USER_ROOM (TRACE_FRAMES * TRACE_USER_FRAME)

/**
 * struct trace_record - an event
 * @key: address of the struct dma_buf
 * @time_ns: when, of CLOCK_BOOTTIME
 * @ino: inode number of the buffer, 0 when it is not known
 * @bytes: size of the buffer
 * @no_room: how many events found no room in the ring, up to now
 * @kind: one of enum trace_kind
 * @pid: process, as the first PID namespace numbers it
 * @tid: thread, the same way
 * @fd: descriptor of TRACE_FD
 * @have: DMABUF_HAVE_NAME when the name is known
 * @kernel_bytes: of the kernel's stack, or -errno; 0 when none was asked for
 * @user_bytes: of the stack in user space, the same way
 * @comm: name of the process
 * @name: empty when the buffer has no name
 * @exporter: who made the buffer
 * @device: of TRACE_ATTACHED and TRACE_DETACHED, else empty
 *
 * Behind it, if stacks are asked for: TRACE_KERNEL_ROOM bytes with frames of
 * the kernel, each an address, and TRACE_USER_ROOM with those of user space,
 * each a struct bpf_stack_build_id.
 */
struct trace_record {
	__u64 key;
	__u64 time_ns;
	__u64 ino;
	__u64 bytes;
	__u64 no_room;
	__u32 kind;
	__u32 pid;
	__u32 tid;
	__s32 fd;
	__u32 have;
	__s16 kernel_bytes;
	__s16 user_bytes;
	char comm[DMABUF_REC_COMM_LEN];
	char name[DMABUF_REC_NAME_LEN];
	char exporter[DMABUF_REC_EXPORTER_LEN];
	char device[DMABUF_REC_DEVICE_LEN];
};

static_assert(sizeof(struct trace_record) == 224, "both sides share it");

#endif
