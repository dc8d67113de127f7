/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the kernel's types that our programs read, and every difference
 * between kernels, each with the commit that made it. CO-RE adapts offsets.
 * Other differences are tested with bpf_core_*_exists(), never by version:
 * version numbers are unreliable with backports.
 */
#ifndef COMMON_COMPAT_BPF_H
#define COMMON_COMPAT_BPF_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define u32 __u32
#define u64 __u64

#define core __attribute__((preserve_access_index))

struct list_head {
	struct list_head *next, *prev;
} core;

struct inode {
	unsigned long i_ino;
} core;

struct file {
	struct inode *f_inode;
	const void *f_op;
	void *private_data;
	struct {
		long counter;
	} f_count;
} core;

/*
 * Since v6.13, f_count is f_ref, a file_ref_t. Its value is the count minus
 * one, and its highest bits mark a dead file.
 */
struct file___ref {
	struct {
		struct {
			long counter;
		} refcnt;
	} f_ref;
} core;

#define FILE_REF_MAXREF 0x7fffffffffffffffULL

struct kobject {
	const char *name;
} core;

struct device_driver {
	const char *name;
} core;

struct device {
	struct kobject kobj;
	const char *init_name;
	struct device_driver *driver;
} core;

/* With PREEMPT_RT, a spinlock has the task that holds it. */
struct rt_mutex_base {
	void *owner;
} core;

struct spinlock___rt {
	struct rt_mutex_base lock;
} core;

struct dma_buf {
	unsigned long size;
	struct file *file;
	struct list_head attachments;
	const char *exp_name;
	const char *name;
	struct spinlock___rt name_lock;
	struct list_head list_node;
} core;

struct dma_buf_attachment {
	struct dma_buf *dmabuf;
	struct device *dev;
	struct list_head node;
} core;

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
} core;

struct bpf_iter__dmabuf {
	struct bpf_iter_meta *meta;
	struct dma_buf *dmabuf;
} core;

/*
 * Since Linux kernel commit 6eab7ac7c5ee ("bpf: Add open coded dmabuf
 * iterator") (in v6.16).
 */
struct bpf_iter_dmabuf {
	u64 __opaque;
};

/*
 * To find what a program attaches to or calls, libbpf reads all of the kernel's
 * BTF. Our loader in lib/bpf/object.c is faster.
 */
#ifdef OWN_LOADER
#include "common/kfunc.bpf.h"
#else
#define ITER(target) SEC("iter/" target)
#define RUN	     SEC("syscall")
int bpf_iter_dmabuf_new(struct bpf_iter_dmabuf *it) __ksym;
struct dma_buf *bpf_iter_dmabuf_next(struct bpf_iter_dmabuf *it) __ksym;
void bpf_iter_dmabuf_destroy(struct bpf_iter_dmabuf *it) __ksym;
void *bpf_rdonly_cast(const void *at, u32 type) __ksym;
#define CAST(type, at)                                                         \
	((struct type *)bpf_rdonly_cast((const void *)(at),                    \
					bpf_core_type_id_kernel(struct type)))
#define DISTRUST(pointer, type) ((void)(struct type *)(pointer))
#endif

/*
 * Hides a value from the verifier. When the verifier tracks a constant or a
 * typed pointer, it keeps states apart that are the same to us, and checks each
 * turn of a loop many times, on some kernels beyond its limit.
 */
#define hide(value)                                                            \
	({                                                                     \
		u64 __known = (u64)(value), __fresh;                           \
		bpf_probe_read_kernel(&__fresh, sizeof(__fresh), &__known);    \
		(__typeof__(value))__fresh;                                    \
	})

/*
 * Reads memory. A pointer whose type the verifier knows is read as in C, a
 * plain address with a call that takes 50 times as long. A kernel of 32 bits
 * has smaller pointers and longs.
 */
#define PEEK(typed, what)                                                      \
	({                                                                     \
		__auto_type __at = &(what);                                    \
		__typeof__(*__at) __read = 0;                                  \
		if (typed)                                                     \
			__read = *__at;                                        \
		else                                                           \
			bpf_probe_read_kernel(                                 \
				&__read,                                       \
				__builtin_preserve_field_info(                 \
					what, BPF_FIELD_BYTE_SIZE),            \
				__at);                                         \
		__read;                                                        \
	})

/**
 * compat_file_refs() - count the references to a file
 * @file: the struct file
 * @typed: for PEEK()
 *
 * Return: the count, 0 for a file that is being freed.
 */
static __always_inline u64 compat_file_refs(struct file *file, bool typed)
{
	struct file___ref *ref = (void *)file;
	u64 count;

	if (!bpf_core_field_exists(ref->f_ref))
		return PEEK(typed, file->f_count.counter);

	count = PEEK(typed, ref->f_ref.refcnt.counter);
	return count > FILE_REF_MAXREF ? 0 : count + 1;
}

/*
 * Keeps reads before it from being made after it. x86 keeps the order by
 * itself. No instruction of BPF does so on all kernels and architectures, but
 * each reading of the kernel's clock has an smp_rmb().
 */
static __always_inline void compat_read_barrier(void)
{
#if !defined(TARGET_x86_64) && !defined(TARGET_i686)
	bpf_ktime_get_ns();
#endif
	asm volatile("" ::: "memory");
}

/* Reads the first word of a spinlock, which is all of it. */
static __always_inline u32 compat_lock_word(struct dma_buf *db, bool typed)
{
	u64 offset = bpf_core_field_offset(struct dma_buf, name_lock);
	const void *lock;
	u32 word = 0;

	/* Otherwise the compiler reads the whole lock as one word. */
	asm volatile("" : "+r"(offset));
	lock = (void *)db + offset;

	if (typed)
		return *(const u32 *)lock;
	bpf_probe_read_kernel(&word, sizeof(word), lock);
	return word;
}

/**
 * compat_lock_held() - tell whether the lock of a buffer's name is held
 * @db: the buffer
 * @typed: for PEEK()
 *
 * A free queued spinlock is 0, a free ticket lock has equal halves. With
 * PREEMPT_RT, a held lock has an owner: a task, which can be preempted, also by
 * the one that runs this program.
 *
 * Return: whether it is held.
 */
static __always_inline bool compat_lock_held(struct dma_buf *db, bool typed)
{
	u32 word;

	if (bpf_core_field_exists(db->name_lock.lock.owner))
		return PEEK(typed, db->name_lock.lock.owner);

	word = compat_lock_word(db, typed);
	return word >> 16 != (word & 0xffff);
}

/**
 * compat_dev_name() - find the name of a device
 * @dev: the struct device
 * @typed: for PEEK()
 *
 * Return: the kernel's address of the string.
 */
static __always_inline const char *compat_dev_name(struct device *dev,
						   bool typed)
{
	const char *name = PEEK(typed, dev->init_name);

	return name ?: PEEK(typed, dev->kobj.name);
}

#endif
