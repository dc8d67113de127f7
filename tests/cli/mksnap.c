// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mksnap - write a snapshot file that no kernel gives on request
 *
 *	mksnap KIND [N] > FILE
 *
 * It fills the structs of the file itself, without the library that reads it.
 */
#include <byteswap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/records.h"
#include "snapshot/file.h"

#define HAVE_ALL                                                               \
	(DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |               \
	 DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER)

#define GIB (1ULL << 30)

static struct snapshot_head head = {
	.magic = SNAPSHOT_MAGIC,
	.order = SNAPSHOT_ORDER,
	.version = SNAPSHOT_VERSION,
	.time_ns = 1700000000000000000,
	.kernel = "7.3.0-test",
	.collector = "iter_open",
};

static unsigned char *body;
static size_t room;

static void put(const void *data, size_t size)
{
	if (head.bytes + size > room) {
		room = 2 * room + size;
		body = realloc(body, room);
		if (!body)
			abort();
	}
	memcpy(body + head.bytes, data, size);
	head.bytes += size;
}

static struct dmabuf_rec_buffer buffer(uint64_t ino, uint64_t bytes,
				       const char *exporter, const char *name)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.key = ino,
		.ino = ino,
		.bytes = bytes,
		.refs = 1,
		.have = HAVE_ALL,
	};

	strncpy(rec.exporter, exporter, sizeof(rec.exporter) - 1);
	strncpy(rec.name, name, sizeof(rec.name) - 1);
	return rec;
}

static void put_buffer(uint64_t ino, uint64_t bytes, const char *exporter,
		       const char *name)
{
	struct dmabuf_rec_buffer rec = buffer(ino, bytes, exporter, name);

	put(&rec, sizeof(rec));
}

static void put_attachment(uint64_t key, uint32_t order, const char *device,
			   const char *driver)
{
	struct dmabuf_rec_attachment rec = {
		.head = { DMABUF_REC_ATTACHMENT, sizeof(rec) },
		.key = key,
		.order = order,
	};

	strncpy(rec.device, device, sizeof(rec.device) - 1);
	strncpy(rec.driver, driver, sizeof(rec.driver) - 1);
	put(&rec, sizeof(rec));
}

static void put_gap(uint64_t count, const char *what, const char *why)
{
	struct dmabuf_rec_gap rec = {
		.head = { DMABUF_REC_GAP, sizeof(rec) },
		.count = count,
	};

	strncpy(rec.what, what, sizeof(rec.what) - 1);
	strncpy(rec.why, why, sizeof(rec.why) - 1);
	put(&rec, sizeof(rec));
}

static void good(unsigned long n)
{
	struct dmabuf_rec_buffer two;

	(void)n;
	put_buffer(11, 4096, "system", "first");
	two = buffer(12, 1 << 20, "udmabuf", "second");
	two.attachments = 2;
	put(&two, sizeof(two));
	put_attachment(12, 0, "0000:00:02.0", "i915");
	put_attachment(12, 1, "virtual", "");
}

/* Not everything could be seen. */
static void gaps(unsigned long n)
{
	good(n);
	put_gap(3, "names", "changed each time they were read");
	put_gap(0, "buffers",
		"the list changed faster than it could be walked");
}

static void put_source(uint32_t covers, const char *collector)
{
	struct dmabuf_rec_source rec = {
		.head = { DMABUF_REC_SOURCE, sizeof(rec) },
		.covers = covers,
	};

	strncpy(rec.collector, collector, sizeof(rec.collector) - 1);
	put(&rec, sizeof(rec));
}

static void put_process(uint32_t pid, const char *comm, const char *cgroup)
{
	struct dmabuf_rec_process rec = {
		.head = { DMABUF_REC_PROCESS, sizeof(rec) },
		.pid = pid,
	};

	strncpy(rec.comm, comm, sizeof(rec.comm) - 1);
	strncpy(rec.cgroup, cgroup, sizeof(rec.cgroup) - 1);
	put(&rec, sizeof(rec));
}

static struct dmabuf_rec_ref ref(uint64_t ino, uint32_t pid, uint32_t type,
				 uint64_t place)
{
	return (struct dmabuf_rec_ref){
		.head = { DMABUF_REC_REF, sizeof(struct dmabuf_rec_ref) },
		.key = ino,
		.ino = ino,
		.type = type,
		.place = place,
		.refs = 1,
		.pid = pid,
		.tid = pid,
	};
}

static void put_ref(uint64_t ino, uint32_t pid, uint32_t type, uint64_t place)
{
	struct dmabuf_rec_ref rec = ref(ino, pid, type, place);

	put(&rec, sizeof(rec));
}

static void put_counted(uint64_t ino, uint64_t bytes, const char *exporter,
			const char *name, uint64_t refs)
{
	struct dmabuf_rec_buffer rec = buffer(ino, bytes, exporter, name);

	rec.refs = refs;
	rec.have |= DMABUF_HAVE_LEDGER;
	put(&rec, sizeof(rec));
}

enum {
	/* Each type of reference; they begin at 1. */
	SEES_ALL = DMABUF_REC_COVERS(DMABUF_REC_REF_TYPES) - 2,
};

/* Processes that hold and share, and what no process holds. */
static void held(unsigned long n)
{
	struct dmabuf_rec_ref map;

	(void)n;
	put_source(SEES_ALL, "task_iter");
	put_process(101, "camerad", "/system.slice/camera.service");
	put_process(102, "gst launch",
		    "/docker/0123456789abcdef0123456789ab"
		    "cdef0123456789abcdef0123456789abcdef");
	put_process(103, "weston", "");
	put_process(104, "idle", "/init.scope");

	put_counted(1, 3 << 20, "system", "frame", 4);
	put_ref(1, 101, DMABUF_REC_REF_FD, 7);
	put_ref(1, 101, DMABUF_REC_REF_FD, 8);
	put_ref(1, 102, DMABUF_REC_REF_FD, 3);
	map = ref(1, 103, DMABUF_REC_REF_MAP, 0x7f0000001000);
	map.bytes = 1 << 20;
	map.offset = 4096;
	put(&map, sizeof(map));
	/* 1001 bytes do not divide by two. */
	put_counted(2, 1001, "udmabuf", "odd", 2);
	put_ref(2, 101, DMABUF_REC_REF_FD, 9);
	put_ref(2, 102, DMABUF_REC_REF_FD, 4);
	/* A window: a handle and its object. */
	put_counted(3, 8 << 20, "drm", "", 2);
	put_ref(3, 103, DMABUF_REC_REF_GEM_HANDLE, 1);
	put_ref(3, 103, DMABUF_REC_REF_GEM_OBJECT, 0);
	/* The mapping of a driver that numbers its pages otherwise. */
	put_counted(4, 65536, "drm", "mapped", 1);
	map = ref(4, 103, DMABUF_REC_REF_MAP, 0x7f0000200000);
	map.bytes = 65536;
	map.offset = UINT64_MAX;
	put(&map, sizeof(map));
	put_counted(5, 64 << 10, "system", "sent", 1);
	put_ref(5, 104, DMABUF_REC_REF_MESSAGE, 0);
}

/* Buffers that leak in several ways; four of them are alike. */
static void leaking(unsigned long n)
{
	struct dmabuf_rec_buffer rec;
	uint64_t ino;

	(void)n;
	held(0);
	for (ino = 20; ino < 24; ino++)
		put_counted(ino, 4 << 20, "system", "lost", 1);
	rec = buffer(30, 2 << 20, "system", "imported");
	rec.refs = 3;
	rec.attachments = 2;
	rec.have |= DMABUF_HAVE_LEDGER;
	put(&rec, sizeof(rec));
	put_attachment(30, 0, "vivid-000", "vivid");
	put_attachment(30, 1, "gpu,0", "");
	put_ref(30, 104, DMABUF_REC_REF_V4L2, 2);
	put_counted(31, 12288, "system", "ring", 1);
	put_ref(31, 104, DMABUF_REC_REF_IO_URING, 0);
	put_counted(32, 4096, "system", "stopped", 1);
	put_ref(32, 0, DMABUF_REC_REF_ITERATOR, 0);
	/* Held, and with a reference too many. */
	put_counted(33, 4096, "system", "kept", 3);
	put_ref(33, 101, DMABUF_REC_REF_FD, 20);
	/* Its references changed while it was looked at. */
	put_buffer(34, 4096, "system", "moving");
}

/*
 * A reference that was not found, though all but waiters was searched. @n:
 * there is a gap, too.
 */
static void unfound(unsigned long n)
{
	put_source(SEES_ALL & ~DMABUF_REC_COVERS(DMABUF_REC_REF_WAITER),
		   "task_iter");
	put_process(101, "camerad", "");
	put_counted(1, 4096, "system", "mine", 2);
	put_ref(1, 101, DMABUF_REC_REF_FD, 7);
	if (n)
		put_gap(0, "waiters for fences",
			"this kernel has no type information about them");
}

static void put_released(uint64_t ino, uint64_t bytes, const char *exporter,
			 const char *name)
{
	struct dmabuf_rec_buffer rec = buffer(ino, bytes, exporter, name);

	rec.head.kind = DMABUF_REC_RELEASED;
	rec.refs = 0;
	rec.have &= ~DMABUF_HAVE_ATTACHMENTS;
	rec.have |= DMABUF_HAVE_LEDGER;
	put(&rec, sizeof(rec));
}

static void put_path(uint64_t ino, uint32_t pid, uint64_t place)
{
	struct dmabuf_rec_ref rec = ref(ino, pid, DMABUF_REC_REF_PATH, place);

	rec.table = 1000 + pid;
	rec.refs = 0;
	put(&rec, sizeof(rec));
}

/* Buffers that only descriptors opened with O_PATH keep, beside others. */
static void released(unsigned long n)
{
	struct dmabuf_rec_buffer unsized;
	struct dmabuf_rec_ref message;
	uint64_t ino;

	(void)n;
	held(0);
	put_process(105, "hoarder\033", "");
	for (ino = 40; ino < 44; ino++) {
		put_released(ino, 1 << 20, "system", "");
		put_path(ino, 105, ino);
	}
	/* Two processes, one of which has two descriptors. */
	put_released(50, 2 << 20, "cma", "shared");
	put_path(50, 105, 3);
	put_path(50, 101, 30);
	put_path(50, 101, 31);
	/* In a message, of a process that has nothing else. */
	put_released(51, 4096, "system", "sent");
	message = ref(51, 104, DMABUF_REC_REF_MESSAGE, 0);
	message.refs = 0;
	put(&message, sizeof(message));
	unsized = buffer(52, 0, "system", "unsized");
	unsized.head.kind = DMABUF_REC_RELEASED;
	unsized.refs = 0;
	unsized.have &= ~DMABUF_HAVE_SIZE;
	if (n)
		put(&unsized, sizeof(unsized));
}

/* Not all processes could be looked at. */
static void blind(unsigned long n)
{
	(void)n;
	put_source(0, "procfs");
	put_counted(1, 4096, "system", "mine", 2);
	put_counted(2, 8192, "system", "whose", 1);
	put_ref(1, 101, DMABUF_REC_REF_FD, 7);
	put_gap(12, "holders", "could not be inspected: permission denied");
}

/* Text that would do something to a terminal, or break a line or JSON. */
static void nasty(unsigned long n)
{
	struct dmabuf_rec_buffer one;

	(void)n;
	strcpy(head.kernel, "6.1\033]0;title\a\n\xff");
	strcpy(head.collector, "col\nlector\x9b");
	one = buffer(1, 4096, "exp\nort\"er\\", "\033[31mred\n\xff");
	one.attachments = 1;
	put(&one, sizeof(one));
	put_attachment(1, 0, "dev\tice\"", "dri\\ver\xed\xa0\x80");
	put_buffer(2, 4096, "\xe6\xbc\xa2\xe5\xad\x97",
		   "\xc2\x9b"
		   "1m");
	put_buffer(3, 4096, "", "");
	put_gap(1, "things\033[2J\n", "be\rcause\xfe");
	put_source(SEES_ALL, "ta\nsk\033");
	put_process(7, "a\n\033[31mb\"\\", "/x\n\033.service");
	put_ref(1, 7, DMABUF_REC_REF_FD, 1);
}

/* Each thing that may be unknown, in a buffer of its own. */
static void unknown(unsigned long n)
{
	static const uint32_t bits[] = {
		DMABUF_HAVE_INO,	 DMABUF_HAVE_SIZE, DMABUF_HAVE_REFS,
		DMABUF_HAVE_ATTACHMENTS, DMABUF_HAVE_NAME, DMABUF_HAVE_EXPORTER,
	};
	struct dmabuf_rec_buffer rec;
	size_t i;

	(void)n;
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		rec = buffer(i + 1, 4096 << i, "system", "name");
		rec.have &= ~bits[i];
		put(&rec, sizeof(rec));
	}
	rec = buffer(7, 7, "system", "nothing is known");
	rec.have = 0;
	put(&rec, sizeof(rec));
	/* An exporter without a name is not an unknown one. */
	put_buffer(8, 8, "", "");
	head.kernel[0] = 0;
}

/* Numbers at their limits; the sum does not fit into 64 bits. */
static void huge(unsigned long n)
{
	struct dmabuf_rec_buffer rec;

	(void)n;
	rec = buffer(UINT64_MAX, UINT64_MAX, "system", "all ones");
	rec.key = 1;
	rec.refs = UINT64_MAX;
	rec.attachments = UINT32_MAX;
	put(&rec, sizeof(rec));
	put_buffer(1ULL << 63, 1ULL << 63, "system", "half");
	put_buffer(9007199254740993, 9007199254740993, "udmabuf",
		   "2^53 + 1, which no double has");
	put_buffer(3, 0, "udmabuf", "nothing");
}

/* Many, to be sorted; sizes repeat, and there are 40 exporters. */
static void many(unsigned long n)
{
	char exporter[32], name[32];
	unsigned long i;

	for (i = 0; i < n; i++) {
		snprintf(exporter, sizeof(exporter), "exporter-%lu", i % 40);
		snprintf(name, sizeof(name), "name-%lu", i);
		put_buffer(i + 1, 4096 * (i * 7919 % 1000), exporter, name);
	}
}

/* Many processes, each with a buffer of its own. */
static void processes(unsigned long n)
{
	unsigned long i;

	put_source(SEES_ALL, "task_iter");
	for (i = 1; i <= n; i++) {
		put_process(i, "one", "");
		put_counted(i, 4096, "system", "", 1);
		put_ref(i, i, DMABUF_REC_REF_FD, 3);
	}
}

static void put_birth(uint64_t ino, uint32_t pid, uint64_t age_s,
		      uint32_t stack)
{
	struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
		.key = ino,
		.ino = ino,
		.age_ns = age_s * 1000000000,
		.pid = pid,
		.tid = pid,
		.uid = 1000,
		.stack = stack,
		.comm = "camera-hal",
	};

	put(&rec, sizeof(rec));
}

/* @file: of user space, of the kernel when NULL. @symbol: may be empty. */
static void put_frame(uint32_t stack, uint32_t place, const char *symbol,
		      const char *file, uint32_t flags)
{
	struct dmabuf_rec_frame rec = {
		.head = { DMABUF_REC_FRAME, sizeof(rec) },
		.stack = stack,
		.place = place,
		.flags = flags,
		.at = file ? 0x1230 + place : 0,
		.offset = 0x20 + place,
	};

	if (flags & DMABUF_REC_FRAME_FILE)
		memset(rec.build_id, 0xb0 + place, 16);
	strncpy(rec.symbol, symbol, sizeof(rec.symbol) - 1);
	strncpy(rec.file, file ?: "", sizeof(rec.file) - 1);
	put(&rec, sizeof(rec));
}

/* Stacks with all that a frame can be; nobody holds the buffers. */
static void born(unsigned long n)
{
	const uint32_t user = DMABUF_REC_FRAME_USER | DMABUF_REC_FRAME_FILE;
	const struct dmabuf_rec_track track = {
		.head = { DMABUF_REC_TRACK, sizeof(track) },
		.since_ns = 7200000000000,
	};
	uint64_t ino;

	(void)n;
	put_source(SEES_ALL, "task_iter");
	put(&track, sizeof(track));
	put_frame(7, 2, "ioctl", "/lib/libc.so.6", user);
	put_frame(7, 0, "system_heap_allocate", NULL, 0);
	put_frame(7, 1, "", NULL, DMABUF_REC_FRAME_CUT);
	put_frame(7, 3, "frame\n\x1b[31mnew", "/usr/bin/camera (deleted)",
		  user);
	put_frame(7, 4, "", "/usr/lib/libcamera.so.0.1", user);
	put_frame(7, 5, "", "", user);
	put_frame(7, 6, "", "", DMABUF_REC_FRAME_USER);
	put_frame(7, 7, "main", "/usr/bin/camera", user);
	put_frame(8, 0, "leak", "/usr/bin/camera", user | DMABUF_REC_FRAME_CUT);
	put_frame(9, 0, "ioctl", "/lib/libc.so.6", user);
	/* The C library has called a function of the program. */
	put_frame(10, 0, "compare", "/usr/bin/camera", user);
	put_frame(10, 1, "", "/lib/libc.so.6", user);
	put_frame(11, 0, "compare", "/usr/bin/camera", user);
	put_frame(11, 1, "qsort_r", "/lib/libc.so.6", user);
	put_frame(12, 0, "begin", "/usr/bin/camera", user);
	put_frame(12, 1, "start_thread", "/lib/libc.so.6", user);
	for (ino = 1; ino <= 5; ino++)
		put_counted(ino, 4096, "system", "frame", 0);
	for (ino = 10; ino <= 12; ino++) {
		put_counted(ino, 4096, "system", "called", 0);
		put_birth(ino, 813, 90, ino);
	}
	put_birth(1, 812, 11520, 7);
	put_birth(2, 812, 60, 7);
	put_birth(3, 813, 90, 8);
	put_birth(4, 813, 91, 9);
	put_birth(5, 813, 92, 0);
	put_counted(6, 4096, "system", "frame", 0);
}

/* Who holds what who made: in part of others, and in part not known. */
static void put_aged(unsigned long lost, const char *exporter)
{
	struct dmabuf_rec_track track = {
		.head = { DMABUF_REC_TRACK, sizeof(track) },
		.since_ns = 7200000000000,
		.lost = lost,
	};

	strcpy(track.exporter, exporter);
	put_source(SEES_ALL, "task_iter");
	put(&track, sizeof(track));
	put_process(812, "camera-hal", "");
	put_process(813, "camera-ui", "");
	put_process(814, "camera-hal", "");
	put_counted(1, 4096, "system", "frame", 2);
	put_counted(2, 8192, "system", "frame", 1);
	put_counted(3, 4096, "udmabuf", "still", 1);
	put_counted(4, 4096, "system", "old", 1);
	put_ref(1, 812, DMABUF_REC_REF_FD, 3);
	put_ref(1, 813, DMABUF_REC_REF_FD, 3);
	put_ref(2, 813, DMABUF_REC_REF_FD, 4);
	put_ref(3, 812, DMABUF_REC_REF_FD, 4);
	put_ref(4, 814, DMABUF_REC_REF_FD, 3);
	put_birth(1, 812, 3000, 0);
	put_birth(2, 812, 60, 0);
	/* Process 813 has another name: its number was another's. */
	put_birth(3, 813, 5, 0);
}

static void aged(unsigned long n)
{
	put_aged(n, "");
}

/* Births of an exporter only, and a buffer of another one. */
static void aged_some(unsigned long n)
{
	put_aged(n, "system");
	put_counted(5, 4096, "udmabuf", "other", 1);
	put_ref(5, 812, DMABUF_REC_REF_FD, 5);
}

/* Wider than any terminal. */
static void wide(unsigned long n)
{
	(void)n;
	put_buffer(1, GIB, "0123456789012345678901234567890123456789012345",
		   "abcdefghijklmnopqrstuvwxyz01234");
	put_buffer(123456789012, 123 * GIB, "short", "");
	put_buffer(3, 4096,
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2",
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
		   "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97");
}

static void newer(unsigned long n)
{
	good(n);
	head.version = SNAPSHOT_VERSION + 1;
}

/* As a machine of the other byte order writes it. */
static void swapped(unsigned long n)
{
	good(n);
	head.order = bswap_32(head.order);
	head.version = bswap_32(head.version);
}

/* The same each time. */
static void noise(unsigned long n)
{
	uint32_t state = 2463534242;
	unsigned char byte;

	while (n--) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		byte = state;
		put(&byte, 1);
	}
}

static const struct {
	const char *name;
	void (*make)(unsigned long n);
	bool headless;
} kinds[] = {
	{ "good", good, false },	   { "gaps", gaps, false },
	{ "nasty", nasty, false },	   { "unknown", unknown, false },
	{ "huge", huge, false },	   { "many", many, false },
	{ "wide", wide, false },	   { "newer", newer, false },
	{ "swapped", swapped, false },	   { "noise", noise, true },
	{ "noisy-body", noise, false },	   { "held", held, false },
	{ "leaking", leaking, false },	   { "blind", blind, false },
	{ "processes", processes, false }, { "released", released, false },
	{ "unfound", unfound, false },	   { "born", born, false },
	{ "aged", aged, false },	   { "aged-some", aged_some, false },
};

int main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		kinds[i].make(n);
		if (!kinds[i].headless)
			fwrite(&head, sizeof(head), 1, stdout);
		fwrite(body, 1, head.bytes, stdout);
		free(body);
		return fflush(stdout) ? 1 : 0;
	}
	fprintf(stderr, "usage: mksnap KIND [N]; see its source\n");
	return 2;
}
