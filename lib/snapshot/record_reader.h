/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads records from a file: an iterator, a pinned one, or a snapshot. */
#ifndef SNAPSHOT_RECORD_READER_H
#define SNAPSHOT_RECORD_READER_H

#include <stdint.h>

#include "abi/records.h"
#include "core/error.h"
#include "snapshot/snapshot.h"

/* The kinds of records that a file may have, as bits of a mask. */
#define RECORD_BIT(kind) (1U << ((kind)&0x1f))

#define RECORDS_OF_BUFFERS                                                     \
	(RECORD_BIT(DMABUF_REC_BUFFER) | RECORD_BIT(DMABUF_REC_ATTACHMENT) |   \
	 RECORD_BIT(DMABUF_REC_GAP))
#define RECORDS_OF_HOLDERS                                                     \
	(RECORD_BIT(DMABUF_REC_REF) | RECORD_BIT(DMABUF_REC_GAP))
#define RECORDS_OF_SNAPSHOT                                                    \
	(RECORDS_OF_BUFFERS | RECORDS_OF_HOLDERS |                             \
	 RECORD_BIT(DMABUF_REC_PROCESS) | RECORD_BIT(DMABUF_REC_SOURCE) |      \
	 RECORD_BIT(DMABUF_REC_KEEPER) | RECORD_BIT(DMABUF_REC_RELEASED) |     \
	 RECORD_BIT(DMABUF_REC_BIRTH) | RECORD_BIT(DMABUF_REC_TRACK) |         \
	 RECORD_BIT(DMABUF_REC_CGROUP) | RECORD_BIT(DMABUF_REC_FRAME))

/*
 * Reads records from @fd to its end into @snapshot. @kinds are the kinds that
 * the file may have; records of an unknown kind are skipped. @name is the name
 * of the file in @error. @bytes, when not NULL, takes the number of bytes read.
 *
 * Return: 0, -EBADMSG when the file has something else than these records,
 * -ENODATA when the last record is cut, -ENOMEM, or the -errno of read(2).
 */
int record_reader_read_all(int fd, uint32_t kinds, const char *name,
			   struct dmabuf_snapshot *snapshot, uint64_t *bytes,
			   struct dmabuf_error *error);

/*
 * Tests whether this kernel truncates iterators. Linux v6.16 and v6.17 end an
 * iterator after the first read() (32 KiB at most); Linux kernel commit "bpf:
 * Fix truncated dmabuf iterator reads" (v6.18) fixes this. A read of one byte
 * makes the kernel stop after its first buffer.
 *
 * @fd is a new, unread iterator; @whole is the number of bytes that large reads
 * got from another one. If it is truncated and the caller @forced its use,
 * @snapshot takes a gap.
 *
 * Return: 0 when more than the first buffer came, when there is no other buffer
 * (@error has a remark then), or when @forced; -ENODATA when it is truncated;
 * -ENOMEM; the -errno of read(2).
 */
int record_reader_check_cut(int fd, uint64_t whole, bool forced,
			    struct dmabuf_snapshot *snapshot,
			    struct dmabuf_error *error);

#endif
