/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files other than buffers that may keep buffers alive: UNIX sockets,
 * io_urings, iterators over buffers, DRM and V4L2 devices. User space looks at
 * what they keep, see lib/files/.
 */
#ifndef COMMON_FILES_BPF_H
#define COMMON_FILES_BPF_H

#include "common/task.bpf.h"

#define ANON_INODE_FS_MAGIC 0x09041934

struct qstr {
	const unsigned char *name;
} core;

struct dentry {
	struct qstr d_name;
} core;

struct path {
	struct dentry *dentry;
} core;

struct file___path {
	struct path f_path;
} core;

struct sk_buff;

struct sk_buff_head {
	struct sk_buff *next;
} core;

struct sock {
	struct sk_buff_head sk_receive_queue;
} core;

struct socket {
	struct sock *sk;
} core;

/* The first 8 bytes of a name, as one number. */
#define NAME8(a, b, c, d, e, f, g, h)                                          \
	((u64)(a) | (u64)(b) << 8 | (u64)(c) << 16 | (u64)(d) << 24 |          \
	 (u64)(e) << 32 | (u64)(f) << 40 | (u64)(g) << 48 | (u64)(h) << 56)

/*
 * Whether a file is an io_uring, or an iterator that was opened by a
 * descriptor. Both are anonymous files: nothing but the name tells what they
 * are.
 */
static __always_inline bool is_ring_or_iterator(struct file *file)
{
	struct file___path *f = (void *)file;
	u64 name = 0;

	bpf_probe_read_kernel(&name, sizeof(name),
			      f->f_path.dentry->d_name.name);
	return name == NAME8('[', 'i', 'o', '_', 'u', 'r', 'i', 'n') ||
	       name == NAME8('b', 'p', 'f', '_', 'i', 't', 'e', 'r');
}

/*
 * Whether a file with a typed pointer and this mode, not a socket, may keep
 * buffers.
 */
static __always_inline bool may_keep(struct file *file, u32 mode)
{
	unsigned long magic;
	u32 major;

	if (mode == S_IFCHR) {
		major = file_rdev(file) >> MINOR_BITS;
		return major == DRM_MAJOR || major == ACCEL_MAJOR ||
		       major == VIDEO_MAJOR;
	}
	magic = file_magic(file);
	/* A pinned iterator is opened by its path. */
	return magic == BPF_FS_MAGIC ||
	       (magic == ANON_INODE_FS_MAGIC && is_ring_or_iterator(file));
}

/*
 * Whether a socket whose file has a typed pointer has messages, or connections
 * that were not accepted yet.
 */
static __always_inline bool has_messages(struct file *file)
{
	struct socket *socket = file->private_data;
	struct sock *sk = BPF_CORE_READ(socket, sk);

	return BPF_CORE_READ(sk, sk_receive_queue.next) !=
	       (void *)sk +
		       bpf_core_field_offset(struct sock, sk_receive_queue);
}

/* Fills what the record of a file that may keep buffers says of it. */
static __always_inline void record_file(struct dmabuf_rec_ref *rec,
					struct file *file, u32 type)
{
	rec->key = (u64)file;
	rec->ino = 0;
	rec->type = type;
	rec->refs = 0;
}

#endif
