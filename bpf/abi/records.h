/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The records: the one wire format of the project.
 *
 * BPF programs write these structs, readers of text fill the same ones, and a
 * snapshot file is a header followed by them. A stream is records back to
 * back, in the byte order of the machine, each beginning with its kind and its
 * size, so that a reader can step over what it does not know.
 */
#ifndef ABI_RECORDS_H
#define ABI_RECORDS_H

/* A BPF program has its own types, and static_assert from its Makefile. */
#ifndef DMABUF_REC_NO_TYPES
#include <assert.h>
#include <linux/types.h>
#endif

/* Bumped when a record changes its meaning; a longer tail is no such change. */
#define DMABUF_REC_VERSION 1

/* The high half tells records from text and from chance. */
#define DMABUF_REC_KIND(kind) (0xdb0f0000U | (DMABUF_REC_VERSION << 8) | (kind))

enum dmabuf_rec_kind {
	DMABUF_REC_BUFFER = DMABUF_REC_KIND(1),
	DMABUF_REC_ATTACHMENT = DMABUF_REC_KIND(2),
	DMABUF_REC_GAP = DMABUF_REC_KIND(3),
	DMABUF_REC_REF = DMABUF_REC_KIND(4),
	DMABUF_REC_PROCESS = DMABUF_REC_KIND(5),
	DMABUF_REC_SOURCE = DMABUF_REC_KIND(6),
};

/**
 * struct dmabuf_rec - the head of every record
 * @kind: one of enum dmabuf_rec_kind
 * @size: bytes of the whole record, this head included
 */
struct dmabuf_rec {
	__u32 kind;
	__u32 size;
};

/* Bits of the have masks: a value that is not had is unknown, not zero. */
enum dmabuf_have {
	DMABUF_HAVE_ADDRESS = 1 << 0,
	DMABUF_HAVE_INO = 1 << 1,
	DMABUF_HAVE_SIZE = 1 << 2,
	DMABUF_HAVE_REFS = 1 << 3,
	DMABUF_HAVE_ATTACHMENTS = 1 << 4,
	DMABUF_HAVE_NAME = 1 << 5,
	DMABUF_HAVE_EXPORTER = 1 << 6,
	/* Its references were read at a time when it had these references. */
	DMABUF_HAVE_LEDGER = 1 << 7,
};

/*
 * Strings are NUL-terminated. One that fills its field may have been longer;
 * only the name cannot, since the kernel takes 31 bytes at most.
 */
#define DMABUF_REC_NAME_LEN	32
#define DMABUF_REC_EXPORTER_LEN 48
#define DMABUF_REC_DEVICE_LEN	64
#define DMABUF_REC_DRIVER_LEN	32

/**
 * struct dmabuf_rec_buffer - one dma-buf
 * @head: kind DMABUF_REC_BUFFER
 * @key: joins the records of one stream; the kernel's address of the struct
 *	dma_buf when DMABUF_HAVE_ADDRESS is set, else a number without meaning
 * @ino: inode number. Source: dma_buf.file.f_inode.i_ino
 * @bytes: size in bytes. Source: dma_buf.size
 * @refs: references to the file, the reader's own left out. Source:
 *	dma_buf.file.f_ref, or f_count before v6.13
 * @attachments: how many. Source: dma_buf.attachments
 * @pass: the attachments of this buffer are those records that carry this
 *	number; others are from a read that was torn, and void
 * @have: DMABUF_HAVE_*, what of this record is known
 * @cut: DMABUF_HAVE_ATTACHMENTS when not all of them could be read
 * @name: empty when it has none. Source: dma_buf.name
 * @exporter: who made it. Source: dma_buf.exp_name
 */
struct dmabuf_rec_buffer {
	struct dmabuf_rec head;
	__u64 key;
	__u64 ino;
	__u64 bytes;
	__u64 refs;
	__u32 attachments;
	__u32 pass;
	__u32 have;
	__u32 cut;
	char name[DMABUF_REC_NAME_LEN];
	char exporter[DMABUF_REC_EXPORTER_LEN];
};

static_assert(sizeof(struct dmabuf_rec_buffer) == 136, "wire format");

/**
 * struct dmabuf_rec_attachment - one device that is attached to a buffer
 * @head: kind DMABUF_REC_ATTACHMENT
 * @key: the buffer's
 * @pass: see struct dmabuf_rec_buffer
 * @order: its place in the buffer's list, from 0
 * @device: empty when unknown. Source: dma_buf_attachment.dev, its dev_name()
 * @driver: empty when the device has none. Source:
 *	dma_buf_attachment.dev.driver.name
 */
struct dmabuf_rec_attachment {
	struct dmabuf_rec head;
	__u64 key;
	__u32 pass;
	__u32 order;
	char device[DMABUF_REC_DEVICE_LEN];
	char driver[DMABUF_REC_DRIVER_LEN];
};

static_assert(sizeof(struct dmabuf_rec_attachment) == 120, "wire format");

#define DMABUF_REC_WHAT_LEN 32
#define DMABUF_REC_WHY_LEN  160

/**
 * struct dmabuf_rec_gap - something that could not be seen
 * @head: kind DMABUF_REC_GAP
 * @count: how many of @what
 * @what: what is missing
 * @why: the reason
 */
struct dmabuf_rec_gap {
	struct dmabuf_rec head;
	__u64 count;
	char what[DMABUF_REC_WHAT_LEN];
	char why[DMABUF_REC_WHY_LEN];
};

static_assert(sizeof(struct dmabuf_rec_gap) == 208, "wire format");

/*
 * What a reference to a buffer is kept in. By the first three a process holds
 * the buffer: it can use it. The others only keep it alive.
 */
enum dmabuf_rec_ref_type {
	DMABUF_REC_REF_FD = 1, /* a descriptor in a table of a process */
	DMABUF_REC_REF_MAP = 2, /* a mapping in an address space */
	DMABUF_REC_REF_GEM_HANDLE = 3, /* a handle in an open DRM file */
	DMABUF_REC_REF_GEM_OBJECT = 4, /* the object that handles stand for */
	DMABUF_REC_REF_MESSAGE = 5, /* a message that nobody received yet */
	DMABUF_REC_REF_IO_URING = 6, /* a file registered with an io_uring */
	DMABUF_REC_REF_V4L2 = 7, /* a buffer of a V4L2 queue */
	DMABUF_REC_REF_ITERATOR = 8, /* an iterator that stands on it */
	DMABUF_REC_REF_TYPES
};

#define DMABUF_REC_COMM_LEN 16

/**
 * struct dmabuf_rec_ref - one thing that holds a buffer, as one task has it
 * @head: kind DMABUF_REC_REF
 * @key: the buffer's; 0 when only its inode number is known
 * @ino: the buffer's inode number; 0 when only its key is known
 * @table: what the reference is kept in: the address of a table of
 *	descriptors, an address space, a DRM file, an object, a socket. What has
 *	the same type, table and place is one reference, however many
 *	processes share it. 0 when not known: then it is the process's own
 * @place: descriptor, address of the mapping, handle, index
 * @bytes: of a mapping: its length
 * @offset: of a mapping: where in the buffer it begins, in bytes
 * @type: one of enum dmabuf_rec_ref_type
 * @refs: references to the buffer's file that it stands for
 * @pid: process that has it open or mapped, as the reader's PID namespace
 *	numbers it
 * @tid: thread whose table of descriptors it is in, @pid when it is all
 *	threads'
 * @comm: name of the process
 */
struct dmabuf_rec_ref {
	struct dmabuf_rec head;
	__u64 key;
	__u64 ino;
	__u64 table;
	__u64 place;
	__u64 bytes;
	__u64 offset;
	__u32 type;
	__u32 refs;
	__u32 pid;
	__u32 tid;
	char comm[DMABUF_REC_COMM_LEN];
};

static_assert(sizeof(struct dmabuf_rec_ref) == 88, "wire format");

#define DMABUF_REC_CGROUP_LEN 480

/**
 * struct dmabuf_rec_process - a process that has to do with a buffer
 * @head: kind DMABUF_REC_PROCESS
 * @pid: as in struct dmabuf_rec_ref
 * @comm: its name, empty when not known
 * @cgroup: path of its cgroup, empty when not known. Source: /proc/PID/cgroup
 */
struct dmabuf_rec_process {
	struct dmabuf_rec head;
	__u32 pid;
	__u32 reserved;
	char comm[DMABUF_REC_COMM_LEN];
	char cgroup[DMABUF_REC_CGROUP_LEN];
};

static_assert(sizeof(struct dmabuf_rec_process) == 512, "wire format");

#define DMABUF_REC_COLLECTOR_LEN 32

/* A bit for each type of reference. */
#define DMABUF_REC_COVERS(type) (1U << (type))

/**
 * struct dmabuf_rec_source - holders were looked for
 * @head: kind DMABUF_REC_SOURCE
 * @covers: DMABUF_REC_COVERS() of each type that would have been seen
 * @reserved: zero
 * @collector: who looked
 */
struct dmabuf_rec_source {
	struct dmabuf_rec head;
	__u32 covers;
	__u32 reserved;
	char collector[DMABUF_REC_COLLECTOR_LEN];
};

static_assert(sizeof(struct dmabuf_rec_source) == 48, "wire format");

#endif
