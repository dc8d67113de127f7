/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A snapshot: vectors of records, and what the join makes of them. Collectors
 * add records in any order.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <dmabuf/dmabuf.h>

#include "abi/records.h"
#include "snapshot/texts.h"
#include "util/cleanup.h"
#include "util/vec.h"

/* A buffer as its record has it. */
struct buffer {
	uint64_t key, ino, bytes, refs;
	const char *name, *exporter; /* texts of the snapshot */
	uint32_t attachments, pass, have;
	uint16_t cut;
	bool released;
};

/*
 * A descriptor as it is in a table: most references are such. Its buffer is
 * known by address.
 */
struct descriptor {
	uint64_t key;
	uint32_t fd;
	uint32_t table; /* index into the snapshot's tables */
};

/* A joined reference: what callers get, under a name that hides it. */
struct ref {
	/*
	 * Of a descriptor: its table, which has no place. With this alignment,
	 * a reference is as large as a descriptor for 32 bits, too.
	 */
	_Alignas(8) const struct dmabuf_rec_ref *rec;
	uint32_t fd; /* is added to the place of the record */
	uint32_t refs; /* 0 when another process has this reference */
};

/* What one process holds of one buffer. */
struct holder {
	uint32_t process; /* index into the snapshot's processes */
	uint32_t fds, maps, handles;
	uint64_t pss; /* UINT64_MAX when the size is not known */
};

/* A process: its record, and sums over the buffers it holds. */
struct process {
	struct dmabuf_rec_process rec;
	struct dmabuf_usage usage;
};

/* What is known of one buffer; has the buffer's index. */
struct ledger {
	uint32_t ref, refs; /* first of its references, how many */
	uint32_t holder;
	uint32_t holders : 31;
	uint32_t ambiguous : 1; /* some references may be another buffer's */
	uint64_t explained;
};

struct dmabuf_snapshot {
	struct vec buffers; /* struct buffer, all when joined */
	struct vec released; /* the same of released ones, empty when joined */
	struct texts texts; /* of both */
	struct vec attachments; /* struct dmabuf_rec_attachment */
	struct vec gaps; /* struct dmabuf_rec_gap */
	struct vec refs; /* struct dmabuf_rec_ref, in any order */
	struct vec descriptors; /* struct descriptor, empty when joined */
	struct vec tables; /* struct dmabuf_rec_ref: of all its descriptors */
	struct vec joined; /* struct ref, in the order of buffers */
	struct vec
		keepers; /* struct dmabuf_rec_keeper, by number when joined */
	struct vec holders; /* struct holder */
	struct vec processes; /* struct process */
	struct vec ledgers; /* struct ledger, one for each buffer */
	struct vec births; /* struct dmabuf_rec_birth, by key when joined */
	struct vec cgroups; /* struct dmabuf_rec_cgroup, those of births */
	struct vec frames; /* struct dmabuf_rec_frame, by stack when joined */
	struct key_map *index; /* see snapshot_index() */
	size_t n_released; /* how many of the joined buffers are released */
	struct dmabuf_rec_source source; /* a kind of 0 when nobody looked */
	struct dmabuf_rec_track
		track; /* a kind of 0 when nothing notes births */
	uint64_t time_ns;
	char kernel[64];
	char collector[32];
};

/* Whether the kernel's list does not have a buffer. */
static inline bool is_released(const struct buffer *buffer)
{
	return buffer->released;
}

/* Return: descriptor, address, handle or index: see struct dmabuf_rec_ref. */
static inline uint64_t ref_place(const struct ref *ref)
{
	return ref->rec->place + ref->fd;
}

/* How many records a snapshot has. */
struct snapshot_mark {
	size_t buffers, released, attachments, gaps, refs, descriptors, tables,
		keepers, processes;
};

/* Return: an empty snapshot, or NULL when out of memory. */
struct dmabuf_snapshot *snapshot_new(void);

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

struct snapshot_mark snapshot_mark(const struct dmabuf_snapshot *snapshot);

/*
 * Drops the records that were added since @mark was made. They must not be
 * joined yet.
 */
void snapshot_rewind(struct dmabuf_snapshot *snapshot,
		     const struct snapshot_mark *mark);

/*
 * Moves the references of a type to @to, a vec of struct dmabuf_rec_ref. They
 * must not be joined yet. Return: 0 or -ENOMEM.
 */
int snapshot_take_refs(struct dmabuf_snapshot *snapshot, uint32_t type,
		       struct vec *to);

#endif
