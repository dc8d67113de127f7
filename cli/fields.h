/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every field of every command, described once. Columns, JSON, --help, the
 * check of the man page and sorting come from this table. The rows that have a
 * field give its value: see rows/.
 */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "ui/column.h"

/* A field is a line here: its id, name, type, help, and a heading if the name
 * in capitals is not the one in tables. */
#define FIELDS_TABLE(X)                                                        \
	X(INO, "ino", VALUE_ID, "inode number, as fstat and fdinfo give it")   \
	X(SIZE, "size", VALUE_BYTES, "size in bytes")                          \
	X(EXPORTER, "exporter", VALUE_TEXT,                                    \
	  "who made it: a heap, udmabuf, a driver")                            \
	X(NAME, "name", VALUE_TEXT, "name that a process gave it")             \
	X(REFS, "refs", VALUE_NUMBER,                                          \
	  "references the kernel counts to its file")                          \
	X(ATTACHMENTS, "attachments", VALUE_LIST,                              \
	  "attached devices: how many; which, in JSON")                        \
	X(ADDRESS, "address", VALUE_ADDRESS,                                   \
	  "kernel address of its struct dma_buf")                              \
	X(PROCESSES, "processes", VALUE_NUMBER, "how many processes hold it")  \
	X(KERNEL_ONLY, "kernel_only", VALUE_FLAG,                              \
	  "whether no process holds it")                                       \
	X(EXPLAINED, "explained", VALUE_NUMBER,                                \
	  "references that are known by name")                                 \
	X(UNEXPLAINED, "unexplained", VALUE_NUMBER,                            \
	  "references that nothing explains")                                  \
	X(HOLDERS, "holders", VALUE_NAMES, "processes that hold it")           \
	X(RELEASED, "released", VALUE_FLAG,                                    \
	  "whether only O_PATH descriptors keep its memory")                   \
	X(AGE, "age", VALUE_DURATION,                                          \
	  "how long ago it was made; nanoseconds in JSON")                     \
	X(BORN_BY, "born_by", VALUE_TEXT,                                      \
	  "process that made it, which may have ended")                        \
	X(BORN_UID, "born_uid", VALUE_ID, "user ID of that process")           \
	X(BORN_CGROUP, "born_cgroup", VALUE_TEXT, "cgroup it was made in")     \
	X(MADE, "made", VALUE_PROSE,                                           \
	  "who made the first of them, when, and where")                       \
	X(STACK, "stack", VALUE_ADDRESS,                                       \
	  "number of the calls that made it, see 'dmabuf show'")               \
	X(SINCE, "since", VALUE_DURATION,                                      \
	  "how long births are noted; nanoseconds in JSON")                    \
	X(BIRTHS, "births", VALUE_NUMBER,                                      \
	  "buffers that are there, with a birth")                              \
	X(NOTED, "noted", VALUE_NUMBER, "births of freed buffers, too")        \
	X(LOST, "lost", VALUE_NUMBER, "buffers without room for a birth")      \
	X(MAX, "max", VALUE_NUMBER, "births that there is room for")           \
	X(FRAMES, "frames", VALUE_NUMBER, "frames kept of each stack")         \
	X(OTHERS, "others", VALUE_NUMBER, "buffers of other exporters")        \
	X(MEMORY, "memory", VALUE_BYTES, "kernel memory of births in bytes")   \
	X(BUFFERS, "buffers", VALUE_NUMBER, "number of buffers")               \
	X(LARGEST, "largest", VALUE_BYTES,                                     \
	  "size of the largest buffer in bytes")                               \
	X(ATTACHED, "attached", VALUE_NUMBER,                                  \
	  "buffers with a device attached")                                    \
	X(KERNEL_ONLY_BYTES, "kernel_only_bytes", VALUE_BYTES,                 \
	  "bytes that no process holds")                                       \
	X(PID, "pid", VALUE_ID, "process ID")                                  \
	X(TID, "tid", VALUE_ID,                                                \
	  "thread, when it has a table of descriptors of its "                 \
	  "own")                                                               \
	X(COMM, "comm", VALUE_TEXT, "name of the process")                     \
	X(FDS, "fds", VALUE_NUMBER, "descriptors")                             \
	X(MAPS, "maps", VALUE_NUMBER, "mappings")                              \
	X(HANDLES, "handles", VALUE_NUMBER, "GEM handles and framebuffers")    \
	X(RSS, "rss", VALUE_BYTES, "bytes of all buffers that it holds")       \
	X(PSS, "pss", VALUE_BYTES,                                             \
	  "its share of these: each divided by its holders")                   \
	X(KEPT, "kept", VALUE_BYTES,                                           \
	  "bytes that only its queues, rings and messages keep")               \
	X(RELEASED_BYTES, "released_bytes", VALUE_BYTES,                       \
	  "bytes that only its O_PATH descriptors keep", "RELEASED")           \
	X(OLDEST_AGE, "oldest_age", VALUE_DURATION,                            \
	  "how long ago the oldest of them was made")                          \
	X(MADE_BUFFERS, "made_buffers", VALUE_NUMBER,                          \
	  "buffers that it made, whoever holds them")                          \
	X(MADE_BYTES, "made_bytes", VALUE_BYTES, "bytes of these buffers")     \
	X(CGROUP, "cgroup", VALUE_TEXT, "path of its cgroup")                  \
	X(UNIT, "unit", VALUE_TEXT, "its systemd unit")                        \
	X(CONTAINER, "container", VALUE_TEXT,                                  \
	  "its container, as its manager calls it")                            \
	X(TYPE, "type", VALUE_WORD, "what the reference is kept in")           \
	X(PLACE, "place", VALUE_ID,                                            \
	  "descriptor, handle, framebuffer, or slot number")                   \
	X(START, "start", VALUE_ADDRESS, "where a mapping begins")             \
	X(LENGTH, "length", VALUE_BYTES, "bytes that are mapped")              \
	X(OFFSET, "offset", VALUE_BYTES,                                       \
	  "where in the buffer a mapping begins")                              \
	X(VIA, "via", VALUE_PROSE,                                             \
	  "the file that keeps it, and how a process has that")                \
	X(BYTES, "bytes", VALUE_BYTES, "bytes of all of them")                 \
	X(INOS, "inos", VALUE_NAMES, "their inode numbers")                    \
	X(DEVICES, "devices", VALUE_NAMES, "devices attached")                 \
	X(CERTAIN, "certain", VALUE_FLAG,                                      \
	  "whether the verdict says all that keeps them")                      \
	X(VERDICT, "verdict", VALUE_PROSE, "what keeps them")                  \
	X(COLLECTOR, "collector", VALUE_WORD, "name of the collector")         \
	X(STATE, "state", VALUE_WORD,                                          \
	  "works, cuts (its answer is short), or no")                          \
	X(USED, "used", VALUE_FLAG, "whether it is the one used by default")   \
	X(NOTE, "note", VALUE_PROSE,                                           \
	  "why it does not work and what to do, or a remark")                  \
	X(WHY, "why", VALUE_PROSE, "why it does not work, or a remark")        \
	X(HINT, "hint", VALUE_PROSE, "what to do about it")                    \
	X(GIVES, "gives", VALUE_LIST, "what it knows of a buffer")             \
	X(MISSES, "misses", VALUE_PROSE, "what it cannot see")                 \
	X(HEAP, "heap", VALUE_TEXT, "name of the heap")                        \
	X(NODE, "node", VALUE_TEXT, "path of its device node")                 \
	X(ALIASES, "aliases", VALUE_NAMES,                                     \
	  "names of other nodes of the same memory")                           \
	X(DEVICE, "device", VALUE_WORD, "major and minor number of its node")  \
	X(ACCESS, "access", VALUE_FLAG,                                        \
	  "whether this user may allocate from it")                            \
	X(REGION, "region", VALUE_TEXT, "CMA region it allocates from")        \
	X(USED_BYTES, "used_bytes", VALUE_BYTES,                               \
	  "bytes of the region that are allocated")                            \
	X(FREE_BYTES, "free_bytes", VALUE_BYTES,                               \
	  "bytes of the region that are free")                                 \
	X(LARGEST_RUN, "largest_run", VALUE_BYTES,                             \
	  "bytes of its largest free run")                                     \
	X(LARGEST_ALLOC, "largest_alloc", VALUE_BYTES,                         \
	  "bytes of the largest buffer that fits")                             \
	X(TOP_HOLDERS, "top_holders", VALUE_NAMES,                             \
	  "processes that hold most of its buffers")                           \
	X(FD, "fd", VALUE_ID, "descriptor of the buffer")                      \
	X(TIME, "time", VALUE_WORD, "seconds since the machine was started")   \
	X(TIME_NS, "time_ns", VALUE_ID, "the same in nanoseconds")             \
	X(EVENT, "event", VALUE_WORD, "what happened")                         \
	X(THREAD, "thread", VALUE_ID, "thread ID")                             \
	X(IMPORTER, "importer", VALUE_TEXT,                                    \
	  "device that was attached or detached")

#define FIELD_ID(id, ...) FIELD_##id,

enum field_id { FIELDS_TABLE(FIELD_ID) FIELDS };

extern const struct field fields[FIELDS];

/* What the program must look for before a column is known. */
enum column_needs {
	NEEDS_HOLDERS = COLUMN_USER, /* who holds each buffer */
	NEEDS_BUFFERS = COLUMN_USER << 1, /* for commands of something else */
	NEEDS_REGIONS = COLUMN_USER << 2, /* how full CMA regions are */
	NEEDS_CGROUPS = COLUMN_USER << 3, /* the cgroup of each process */
	NEEDS_BITMAPS = COLUMN_USER << 4, /* where they are free */
	NEEDS_BIRTHS = COLUMN_USER << 5, /* who made each buffer */
};

/* A column of rows: its field, enum column_flags, the function that gets it. */
#define COLUMN(id, flags, get)                                                 \
	{                                                                      \
		&fields[FIELD_##id], flags, get, NULL, NULL, NULL              \
	}

/* The same of a list; @put writes it as JSON. */
#define LIST_COLUMN(id, flags, get, put) NAMES_COLUMN(id, flags, get, put, NULL)

/* The same of names; @add adds them to a table. */
#define NAMES_COLUMN(id, flags, get, put, add)                                 \
	{                                                                      \
		&fields[FIELD_##id], flags, get, put, NULL, add                \
	}

#endif
