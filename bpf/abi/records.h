/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The records: the only wire format of the project.
 *
 * BPF programs write these structs, parsers of text fill the same structs, and
 * a snapshot file is a header followed by records. A stream has one record
 * after the other, in the byte order of the machine. Each record begins with
 * its kind and its size, so that a reader can skip an unknown kind.
 */
#ifndef ABI_RECORDS_H
#define ABI_RECORDS_H

/* A BPF program has its own types, and static_assert from its Makefile. */
#ifndef DMABUF_REC_NO_TYPES
#include <assert.h>
#include <linux/types.h>
#endif

/* Increased when a record changes its meaning, but not for a longer tail. */
#define DMABUF_REC_VERSION 1

/* The high half tells a record from text and from random bytes. */
#define DMABUF_REC_KIND(kind) (0xdb0f0000U | (DMABUF_REC_VERSION << 8) | (kind))

enum dmabuf_rec_kind {
	DMABUF_REC_BUFFER = DMABUF_REC_KIND(1),
	DMABUF_REC_ATTACHMENT = DMABUF_REC_KIND(2),
	DMABUF_REC_GAP = DMABUF_REC_KIND(3),
	DMABUF_REC_REF = DMABUF_REC_KIND(4),
	DMABUF_REC_PROCESS = DMABUF_REC_KIND(5),
	DMABUF_REC_SOURCE = DMABUF_REC_KIND(6),
	DMABUF_REC_KEEPER = DMABUF_REC_KIND(7),
	/* A struct dmabuf_rec_buffer that the kernel's list does not have. */
	DMABUF_REC_RELEASED = DMABUF_REC_KIND(8),
	DMABUF_REC_BIRTH = DMABUF_REC_KIND(9),
	DMABUF_REC_TRACK = DMABUF_REC_KIND(10),
	DMABUF_REC_CGROUP = DMABUF_REC_KIND(11),
	DMABUF_REC_FRAME = DMABUF_REC_KIND(12),
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

/* Bits of the have masks: a value without its bit is unknown, not zero. */
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
	/* Only while references are searched: their number has changed. */
	DMABUF_HAVE_MOVED = 1 << 8,
};

/*
 * Strings are NUL-terminated. A string that fills its field may be cut, except
 * the name: the kernel allows 31 bytes.
 */
#define DMABUF_REC_NAME_LEN	32
#define DMABUF_REC_EXPORTER_LEN 48
#define DMABUF_REC_GLOB_LEN	64
#define DMABUF_REC_DEVICE_LEN	64
#define DMABUF_REC_DRIVER_LEN	32

/**
 * struct dmabuf_rec_buffer - one dma-buf
 * @head: kind DMABUF_REC_BUFFER; DMABUF_REC_RELEASED when its last reference is
 *	gone, but a descriptor opened with O_PATH keeps its memory
 * @key: joins the records of one stream; the kernel's address of the struct
 *	dma_buf when DMABUF_HAVE_ADDRESS is set, else a number without meaning
 * @ino: inode number. Source: dma_buf.file.f_inode.i_ino
 * @bytes: size in bytes. Source: dma_buf.size
 * @refs: references to the file, without those of the reader. Source:
 *	dma_buf.file.f_ref, or f_count before v6.13
 * @attachments: how many. Source: dma_buf.attachments
 * @pass: the number in the records of this buffer's attachments; records with
 *	another number are from a torn read, and void
 * @have: DMABUF_HAVE_*, the fields that are known
 * @cut: DMABUF_HAVE_ATTACHMENTS when some attachments could not be read
 * @name: empty when the buffer has no name. Source: dma_buf.name
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
 * struct dmabuf_rec_attachment - a device that is attached to a buffer
 * @head: kind DMABUF_REC_ATTACHMENT
 * @key: the buffer's
 * @pass: see struct dmabuf_rec_buffer
 * @order: position in the buffer's list, from 0
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
 * struct dmabuf_rec_gap - something that could not be read
 * @head: kind DMABUF_REC_GAP
 * @count: how many, 0 when unknown
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
 * Types of references to a buffer. With a descriptor, a mapping, a GEM handle
 * or a framebuffer, a process holds the buffer: it can use it. The others only
 * keep the buffer alive.
 */
enum dmabuf_rec_ref_type {
	DMABUF_REC_REF_FD = 1, /* a descriptor in a table of a process */
	DMABUF_REC_REF_MAP = 2, /* a mapping in an address space */
	DMABUF_REC_REF_GEM_HANDLE = 3, /* a handle in an open DRM file */
	DMABUF_REC_REF_GEM_OBJECT = 4, /* an object with handles, or shown */
	DMABUF_REC_REF_MESSAGE = 5, /* a message that nobody received yet */
	DMABUF_REC_REF_IO_URING = 6, /* a file registered with an io_uring */
	DMABUF_REC_REF_V4L2 = 7, /* a buffer of a V4L2 queue */
	DMABUF_REC_REF_ITERATOR = 8, /* an iterator that stands on it */
	DMABUF_REC_REF_FRAMEBUFFER = 9, /* a framebuffer of an open DRM file */
	DMABUF_REC_REF_PATH = 10, /* a descriptor opened with O_PATH */
	DMABUF_REC_REF_FILE = 11, /* another file, which may keep buffers */
	DMABUF_REC_REF_WAITER = 12, /* what waits for the buffer's fences */
	DMABUF_REC_REF_TYPES
};

#define DMABUF_REC_COMM_LEN 16

/**
 * struct dmabuf_rec_ref - a reference to a buffer, as one task has it
 * @head: kind DMABUF_REC_REF
 * @key: the buffer's; 0 when only its inode number is known. Of
 *	DMABUF_REC_REF_PATH and DMABUF_REC_REF_FILE in the stream of a BPF
 *	program, address of the struct file
 * @ino: the buffer's inode number; 0 when only its key is known
 * @table: the address of the object that has the reference: a table of
 *	descriptors, an address space, a DRM file, an object, a socket. Records
 *	with the same type, table and place are one reference that processes
 *	share. 0 when not known: then the reference is the process's own
 * @place: descriptor, address of the mapping, handle, ID of the framebuffer,
 *	index
 * @bytes: length of a mapping
 * @offset: of a mapping: its offset in the buffer, in bytes
 * @keeper: of what another file keeps: number of its struct dmabuf_rec_keeper,
 *	0 when not known
 * @type: one of enum dmabuf_rec_ref_type
 * @refs: number of references to the buffer's file that it is; 0 for one to a
 *	released buffer
 * @pid: process that has it open or mapped, as the reader's PID namespace
 *	numbers it
 * @tid: thread with the table of descriptors, @pid when all threads share it
 * @comm: name of the process
 */
struct dmabuf_rec_ref {
	struct dmabuf_rec head;
	__u64 key;
	__u64 ino;
	__u64 table;
	__u64 place;
	__u64 bytes;
	union {
		__u64 offset;
		__u64 keeper;
	};
	__u32 type;
	__u32 refs;
	__u32 pid;
	__u32 tid;
	char comm[DMABUF_REC_COMM_LEN];
};

static_assert(sizeof(struct dmabuf_rec_ref) == 88, "wire format");

/* How a file that keeps buffers is reached. */
enum dmabuf_rec_by {
	DMABUF_REC_BY_FD = 1, /* a descriptor of a process */
	DMABUF_REC_BY_MAP = 2, /* a mapping of a process */
	DMABUF_REC_BY_MESSAGE = 3, /* a message in another file, a socket */
	DMABUF_REC_BY_IO_URING = 4, /* registered with another file */
	DMABUF_REC_BY_CONNECTION = 5, /* not yet accepted from another file */
	DMABUF_REC_BY_REGISTERED = 6, /* a ring that a thread registered */
	DMABUF_REC_BY_KERNEL = 7, /* the kernel's own, of no process */
	DMABUF_REC_BY_REQUEST = 8, /* a request of another file, an io_uring */
};

#define DMABUF_REC_NODE_LEN 40

/**
 * struct dmabuf_rec_keeper - a file that keeps buffers
 * @head: kind DMABUF_REC_KEEPER
 * @number: from 1, of this keeper; joins it with references
 * @in: number of the keeper that leads to it, 0 when a process or the kernel
 *	has it
 * @place: descriptor, address of the mapping, or index
 * @by: one of enum dmabuf_rec_by
 * @pid: the process that has it, or the file that leads to it; 0 when unknown
 * @comm: name of the process
 * @node: path of its device below /dev, empty for none
 */
struct dmabuf_rec_keeper {
	struct dmabuf_rec head;
	__u32 number;
	__u32 in;
	__u64 place;
	__u32 by;
	__u32 pid;
	char comm[DMABUF_REC_COMM_LEN];
	char node[DMABUF_REC_NODE_LEN];
};

static_assert(sizeof(struct dmabuf_rec_keeper) == 88, "wire format");

#define DMABUF_REC_CGROUP_LEN 480

/**
 * struct dmabuf_rec_process - a process with a reference to a buffer
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
 * struct dmabuf_rec_source - which references were searched for
 * @head: kind DMABUF_REC_SOURCE
 * @covers: DMABUF_REC_COVERS() of each type that was searched for
 * @reserved: zero
 * @collector: the collector that searched
 */
struct dmabuf_rec_source {
	struct dmabuf_rec head;
	__u32 covers;
	__u32 reserved;
	char collector[DMABUF_REC_COLLECTOR_LEN];
};

static_assert(sizeof(struct dmabuf_rec_source) == 48, "wire format");

/**
 * struct dmabuf_rec_birth - who made a buffer
 * @head: kind DMABUF_REC_BIRTH
 * @key: the buffer's
 * @ino: the buffer's
 * @age_ns: how long ago, when the snapshot was taken
 * @cgroup: number of a struct dmabuf_rec_cgroup
 * @pid: process, 0 when the reader's PID namespace does not show it
 * @tid: thread, the same way
 * @uid: user, as the first user namespace numbers it
 * @stack: number of the stacks that made it, which struct dmabuf_rec_frame
 *	have; 0 if not known
 * @comm: name of the process
 * Source: a program at dma_buf_export().
 */
struct dmabuf_rec_birth {
	struct dmabuf_rec head;
	__u64 key;
	__u64 ino;
	__u64 age_ns;
	__u64 cgroup;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__u32 stack;
	char comm[DMABUF_REC_COMM_LEN];
};

static_assert(sizeof(struct dmabuf_rec_birth) == 72, "wire format");

#define DMABUF_REC_LOST_UNKNOWN (~0ULL)

/**
 * struct dmabuf_rec_track - since when births are noted
 * @head: kind DMABUF_REC_TRACK
 * @since_ns: how long ago it began, when the snapshot was taken
 * @lost: buffers that were made when there was no room for their birth, or
 *	DMABUF_REC_LOST_UNKNOWN
 * @exporter: pattern of the exporters whose births are noted; empty: all
 */
struct dmabuf_rec_track {
	struct dmabuf_rec head;
	__u64 since_ns;
	__u64 lost;
	char exporter[DMABUF_REC_GLOB_LEN];
};

static_assert(sizeof(struct dmabuf_rec_track) == 88, "wire format");

/**
 * struct dmabuf_rec_cgroup - a cgroup in which buffers were made
 * @head: kind DMABUF_REC_CGROUP
 * @number: the kernel's, as struct dmabuf_rec_birth has it
 * @path: below the root of the unified hierarchy; empty when not known
 */
struct dmabuf_rec_cgroup {
	struct dmabuf_rec head;
	__u64 number;
	char path[DMABUF_REC_CGROUP_LEN];
};

static_assert(sizeof(struct dmabuf_rec_cgroup) == 496, "wire format");

#define DMABUF_REC_BUILD_ID_LEN 20
#define DMABUF_REC_SYMBOL_LEN	120
#define DMABUF_REC_FILE_LEN	128

/* What a frame is of, and what is behind it. */
enum dmabuf_rec_frame_flags {
	DMABUF_REC_FRAME_USER = 1 << 0, /* of user space, not of the kernel */
	DMABUF_REC_FRAME_FILE = 1 << 1, /* @build_id and @at are of a file */
	DMABUF_REC_FRAME_CUT = 1 << 2, /* there was no room for its callers */
};

/**
 * struct dmabuf_rec_frame - a call on the way to dma_buf_export()
 * @head: kind DMABUF_REC_FRAME
 * @stack: number of the stack, as struct dmabuf_rec_birth has it
 * @place: 0 for the innermost frame of all; a frame's caller is the next one
 * @flags: enum dmabuf_rec_frame_flags
 * @reserved: zero
 * @at: where the code goes on after the call: the offset in the file, or an
 *	address; 0 for one of the kernel in a saved file
 * @offset: the same, from the beginning of @symbol
 * @build_id: of the file
 * @reserved2: zero
 * @symbol: name of the function, empty when not known
 * @file: path of the file, or the kernel's module; empty when not known
 */
struct dmabuf_rec_frame {
	struct dmabuf_rec head;
	__u32 stack;
	__u32 place;
	__u32 flags;
	__u32 reserved;
	__u64 at;
	__u64 offset;
	__u8 build_id[DMABUF_REC_BUILD_ID_LEN];
	__u32 reserved2;
	char symbol[DMABUF_REC_SYMBOL_LEN];
	char file[DMABUF_REC_FILE_LEN];
};

static_assert(sizeof(struct dmabuf_rec_frame) == 312, "wire format");

#endif
