/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records from a file: an iterator, a pinned one, the body of a snapshot. */
#ifndef SNAPSHOT_RECORD_READER_H
#define SNAPSHOT_RECORD_READER_H

#include <stdint.h>

#include "core/error.h"
#include "snapshot/snapshot.h"

/*
 * Reads records from @fd to its end into @snapshot. @name is what the file is
 * called in @error. @bytes, when not NULL, takes how many were read.
 *
 * Return: 0, -EBADMSG when they are no records, -ENODATA when the last one is
 * not whole, -ENOMEM, or the -errno of read(2).
 */
int record_reader_read_all(int fd, const char *name,
			   struct dmabuf_snapshot *snapshot, uint64_t *bytes,
			   struct dmabuf_error *error);

/*
 * Linux v6.16 and v6.17 end an iterator's file with what the first read() took
 * (32 KiB at most); since Linux kernel commit "bpf: Fix truncated dmabuf
 * iterator reads" (in v6.18) they do not. Tells them apart by trying: a read of
 * one byte makes the kernel stop after its first buffer.
 *
 * @fd is a new, unread iterator; @whole how many bytes another one gave to
 * large reads. When it is cut, and the caller @forced its use, @snapshot takes
 * a gap.
 *
 * Return: 0 when it goes on after the first buffer, has no more than that one
 * (which @error then remarks), or was forced; -ENODATA when it ends there;
 * -ENOMEM; the -errno of read(2).
 */
int record_reader_check_cut(int fd, uint64_t whole, bool forced,
			    struct dmabuf_snapshot *snapshot,
			    struct dmabuf_error *error);

#endif
