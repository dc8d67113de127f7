/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files other than devices that may keep buffers alive: UNIX sockets, io_urings
 * and iterators over buffers.
 */
#ifndef COMMON_FILES_BPF_H
#define COMMON_FILES_BPF_H

#include "common/task.bpf.h"

#define AF_UNIX		    1
#define ANON_INODE_FS_MAGIC 0x09041934

struct qstr {
	const unsigned char *name;
} core;

struct dentry {
	struct qstr d_name;
	void *d_fsdata;
} core;

struct path {
	struct dentry *dentry;
} core;

struct file___path {
	struct path f_path;
} core;

struct sock_common {
	unsigned short skc_family;
} core;

struct sk_buff;

struct sk_buff_head {
	struct sk_buff *next;
} core;

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
} core;

struct socket {
	struct sock *sk;
} core;

struct seq_file___private {
	void *private;
} core;

struct bpf_iter_reg {
	const char *target;
} core;

struct bpf_iter_target_info {
	const struct bpf_iter_reg *reg_info;
} core;

struct bpf_iter_priv_data {
	struct bpf_iter_target_info *tinfo;
	char target_private[8];
} core;

/*
 * Whether a file is an anonymous file with the wanted name; nothing else tells
 * what kind it is. Compares the first 8 bytes of the name, as one number.
 */
static __always_inline bool is_anonymous(struct file *file, const char *wanted)
{
	struct file___path *f = (void *)file;
	u64 name = 0, is;

	if (file_magic(file, true) != ANON_INODE_FS_MAGIC)
		return false;
	__builtin_memcpy(&is, wanted, sizeof(is));
	bpf_probe_read_kernel(&name, sizeof(name),
			      f->f_path.dentry->d_name.name);
	return name == is;
}

static __always_inline bool is_ring(struct file *file)
{
	return is_anonymous(file, "[io_uring]");
}

/**
 * unix_socket() - find the socket of a file
 * @file: a file of a socket
 *
 * Return: the address of the UNIX socket, NULL for another kind of socket.
 */
static __always_inline struct sock *unix_socket(struct file *file)
{
	struct socket *socket = file->private_data;
	struct sock *sk = BPF_CORE_READ(socket, sk);

	return BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX ? sk : NULL;
}

static __always_inline struct sk_buff_head *message_list(struct sock *sk)
{
	return (void *)sk +
	       bpf_core_field_offset(struct sock, sk_receive_queue);
}

/**
 * iterator_at() - find the buffer that an iterator stands on
 * @file: a file
 *
 * Return: the private data of the iterator, which begin with the buffer; NULL
 * when the file is not an iterator over buffers.
 */
static __always_inline void *iterator_at(struct file *file)
{
	struct seq_file___private *seq = file->private_data;
	struct bpf_iter_priv_data *data;
	u64 target = 0, dmabuf = 0;
	void *private;

	/* A pinned iterator is opened by its path, others by a descriptor. */
	if (file_magic(file, true) != BPF_FS_MAGIC &&
	    !is_anonymous(file, "bpf_iter"))
		return NULL;
	private = BPF_CORE_READ(seq, private);
	data = private -
	       bpf_core_field_offset(struct bpf_iter_priv_data, target_private);
	bpf_probe_read_kernel_str(&target, sizeof(target),
				  BPF_CORE_READ(data, tinfo, reg_info, target));
	__builtin_memcpy(&dmabuf, "dmabuf", sizeof("dmabuf"));
	return target == dmabuf ? private : NULL;
}

#endif
