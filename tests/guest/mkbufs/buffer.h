/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "refs" is the kernel's count of references to the buffer's struct file. What
 * holds how many, the same on 5.10, 6.1, 6.12, 6.16, 6.18 and 7.3 (each is
 * compared with the "count" of fdinfo while the buffer has a descriptor here,
 * and a difference is fatal):
 *
 *	1	a descriptor in one process's table; each dup, each process that
 *		inherits or receives it
 *	1	a mapping of the buffer, in each process, if its VMA keeps the
 *		buffer's file (vgem of 5.10 puts the object's own shmem file
 *		there: then 0, and /proc/self/maps shows which it is)
 *	1	a descriptor in an SCM_RIGHTS message that nobody received
 *	2	the GEM handle of an exported object: the object's ->dma_buf and
 *		the file's PRIME lookup cache. Also when the exporting device
 *		imports it again, which attaches nothing
 *	3	the GEM handle of an object imported from another device: those
 *		two and the one of the attachment. Each open DRM file that
 *		imports it has its own three, and its own attachment
 *	0	videobuf2 that exported the buffer (the buffer keeps the memory,
 *		not the other way round)
 *	1	a videobuf2 queue that the buffer is queued in as
 *		V4L2_MEMORY_DMABUF
 *	1	a registered file of an io_uring
 *
 * One of the two or three of a GEM handle is the lookup cache's, which goes
 * with the handle ("gem_handle"); the others are the object's ("gem_object").
 */
#ifndef TESTS_GUEST_MKBUFS_BUFFER_H
#define TESTS_GUEST_MKBUFS_BUFFER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "mkbufs/device.h"
#include "mkbufs/exporter.h"

enum {
	NAME_MAX_LEN = 31, /* DMA_BUF_NAME_LEN less the NUL */
	MAX_HOLDERS = 6,
};

#define SET_NAME _IOW('b', 1, __u64)

struct holder {
	pid_t pid;
	unsigned int fds;
	unsigned int maps;
	unsigned int handles;
};

/* What keeps references to a buffer. */
enum ref_type {
	REF_FD,
	REF_MAP,
	REF_GEM_HANDLE,
	REF_GEM_OBJECT,
	REF_MESSAGE,
	REF_IO_URING,
	REF_V4L2,
	REF_TYPES,
};

struct buf {
	int fd; /* -1 when this process has closed it */
	uint64_t ino;
	uint64_t size;
	const char *exp; /* the kernel's name of the exporter */
	char *name; /* NULL when none was set */
	long refs;
	long refs_by_type[REF_TYPES]; /* their sum is refs */
	struct device *att;
	size_t natt;
	bool att_unknown;
	struct holder holders[MAX_HOLDERS];
};

void buf_check(const struct buf *b);
struct holder *buf_holder(struct buf *b, pid_t pid);
void buf_add_refs(struct buf *b, enum ref_type type, long n);
struct buf *buf_adopt(struct world *w, int fd, const char *exp);
struct buf *buf_try(struct world *w, const struct exporter *e, size_t size);
struct buf *buf_make(struct world *w, const struct exporter *e, size_t size,
		     const char *exp);
struct buf *buf_make_named(struct world *w, const struct exporter *e,
			   size_t size, const char *name);
void buf_name(struct buf *b, const char *name);
void buf_drop(struct world *w);
void buf_dup(struct world *w, struct buf *b);
void buf_close(struct buf *b);
void buf_add_attachment(struct buf *b, int node);

#endif
