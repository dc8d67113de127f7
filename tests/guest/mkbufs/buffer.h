/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A buffer and the references to it.
 *
 * "refs" is the number of references to the buffer's struct file. These numbers
 * are the same on 5.10, 6.1, 6.12, 6.16, 6.18 and 7.3. buf_check() compares
 * their sum with "count" of fdinfo, or with debugfs when this process has no
 * descriptor of the buffer. A difference is fatal.
 *
 *	1	a descriptor in a process's table: each dup, each process that
 *		inherits or receives the descriptor
 *	1	a mapping of the buffer, in each process, if the VMA keeps the
 *		buffer's file. vgem of 5.10 puts the object's shmem file there;
 *		then it is 0, and /proc/self/maps shows which file it is
 *	1	a descriptor in an SCM_RIGHTS message that nobody received
 *	2	the GEM handle of an exported object: the object's ->dma_buf and
 *		the PRIME lookup cache of the open file. It stays 2 when the
 *		exporting device imports its own buffer, without an attachment
 *	3	the GEM handle of an object imported from another device: the
 *		same two, and one for the attachment. Each open DRM file that
 *		imports the buffer has its own three and its own attachment
 *	0	videobuf2 that exported the buffer: the buffer keeps the memory,
 *		not the other way round
 *	1	a videobuf2 queue in which the buffer is queued as
 *		V4L2_MEMORY_DMABUF
 *	1	a registered file of an io_uring
 *	1-2	the object of framebuffers without a handle: the attachment
 *		and, on some kernels, ->dma_buf. Their number does not matter
 *	1	a pending poll of an io_uring, of aio, or of poll(2)
 *	0	an item of an epoll
 *	1	the callback of a fence for POLLIN, and one more for POLLOUT,
 *		however many wait for it. 0 on 5.10
 *
 * One of the two or three references of a GEM handle belongs to the lookup
 * cache and is released with the handle ("gem_handle"). The others belong to
 * the object ("gem_object").
 */
#ifndef TESTS_GUEST_MKBUFS_BUFFER_H
#define TESTS_GUEST_MKBUFS_BUFFER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "mkbufs/device.h"
#include "mkbufs/exporter.h"

enum {
	NAME_MAX_LEN = 31, /* DMA_BUF_NAME_LEN without the NUL */
	MAX_HOLDERS = 6,
};

/* DMA_BUF_SET_NAME_B. Old headers do not have it; the number is ABI. */
#define SET_NAME _IOW('b', 1, __u64)

/* A process and how it holds a buffer. */
struct holder {
	pid_t pid;
	unsigned int fds;
	unsigned int maps;
	unsigned int handles;
};

/* What keeps a reference to a buffer. */
enum ref_type {
	REF_FD,
	REF_MAP,
	REF_GEM_HANDLE,
	REF_GEM_OBJECT,
	REF_MESSAGE,
	REF_IO_URING,
	REF_V4L2,
	REF_WAITER,
	REF_FORGOTTEN, /* by a driver that leaks */
	REF_TYPES,
};

struct buf {
	int fd; /* -1 when this process has closed it */
	uint64_t ino;
	uint64_t size;
	const char *exp; /* exp_name, the kernel's name of the exporter */
	char *name; /* NULL: not set */
	long refs;
	long refs_by_type[REF_TYPES]; /* their sum is refs */
	struct device *att;
	size_t natt;
	bool att_unknown; /* sysfs does not show an importing device */
	struct holder holders[MAX_HOLDERS];
};

/*
 * Takes over @fd, the only reference to a new buffer. @exp is its exporter, or
 * NULL to ask the kernel.
 */
struct buf *buf_adopt(struct world *w, int fd, const char *exp);

/* Makes a buffer, or dies. @exp is as in buf_adopt(). */
struct buf *buf_make(struct world *w, const struct exporter *e, size_t size,
		     const char *exp);
struct buf *buf_make_named(struct world *w, const struct exporter *e,
			   size_t size, const char *name);

/* Makes a buffer, or adds the reason to the skipped ones and returns NULL. */
struct buf *buf_try(struct world *w, const struct exporter *e, size_t size);

/* Frees the buffer that was made last, which has only its descriptor. */
void buf_drop(struct world *w);

/* Set the name first: 5.10 refuses a name when there is an attachment. */
void buf_name(struct buf *b, const char *name);
void buf_dup(struct world *w, struct buf *b);

/* Checks the buffer and closes its descriptor. Another reference must exist. */
void buf_close(struct buf *b);

/*
 * Compares our count of references with the kernel's. A process that looks at
 * the buffer at this moment has a reference too, so this waits for a second.
 */
void buf_check(const struct buf *b);

/* These only count. */
struct holder *buf_holder(struct buf *b, pid_t pid);
void buf_add_refs(struct buf *b, enum ref_type type, long n);
void buf_add_attachment(struct buf *b, int node);

#endif
