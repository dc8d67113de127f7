/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the programs that trace buffers tell, an event a record. */
#ifndef ABI_TRACE_H
#define ABI_TRACE_H

#ifndef DMABUF_REC_NO_TYPES
#include <assert.h>
#include <linux/types.h>
#endif
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

#define TRACE_COMM_LEN 16

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
 * @comm: name of the process
 * @name: empty when the buffer has no name
 * @exporter: who made the buffer
 * @device: of TRACE_ATTACHED and TRACE_DETACHED, else empty
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
	__u32 reserved;
	char comm[TRACE_COMM_LEN];
	char name[DMABUF_REC_NAME_LEN];
	char exporter[DMABUF_REC_EXPORTER_LEN];
	char device[DMABUF_REC_DEVICE_LEN];
};

static_assert(sizeof(struct trace_record) == 224, "both sides share it");

#endif
