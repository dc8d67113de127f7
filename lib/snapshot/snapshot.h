/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A snapshot while it is made. Collectors add records in any order; the
 * snapshot then sorts them, joins attachments to buffers and drops what a torn
 * read left behind.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <dmabuf/dmabuf.h>

#include "abi/records.h"
#include "util/vec.h"

struct dmabuf_snapshot {
	struct vec buffers; /* struct dmabuf_rec_buffer */
	struct vec attachments; /* struct dmabuf_rec_attachment */
	struct vec gaps; /* struct dmabuf_rec_gap */
	struct vec refs; /* struct dmabuf_rec_ref */
	struct vec holders; /* struct holder, of lib/snapshot/holders.h */
	struct vec processes; /* struct process, of lib/snapshot/holders.h */
	struct vec ledgers; /* struct ledger, one for each buffer */
	struct dmabuf_rec_source source; /* a kind of 0 when nobody looked */
	bool in_every_way; /* in: look for holders though all are found */
	bool found_all; /* so they were not looked for in every way */
	uint64_t time_ns;
	char kernel[64];
	char collector[32];
};

/* Return: an empty snapshot, or NULL when out of memory. */
struct dmabuf_snapshot *snapshot_new(void);

/*
 * Adds a copy of the record that @size bytes at @data begin with. A record of
 * an unknown kind is stepped over, a longer one cut to what we know; strings
 * are made to end.
 *
 * Return: bytes of the record, 0 when @size is less than the whole record,
 * -EBADMSG when it is none, -ENOMEM.
 */
ssize_t snapshot_add(struct dmabuf_snapshot *snapshot, const void *data,
		     size_t size);

/* Adds a gap. Return: 0 or -ENOMEM. */
int snapshot_add_gap(struct dmabuf_snapshot *snapshot, const char *what,
		     uint64_t count, const char *why);

/*
 * Sorts and joins; call it once, after the last record. Return: 0 or -ENOMEM.
 */
int snapshot_join(struct dmabuf_snapshot *snapshot);

/*
 * Adds a gap for each kind of thing that @gives promises and some buffers
 * lack. Return: 0 or -ENOMEM.
 */
int snapshot_find_gaps(struct dmabuf_snapshot *snapshot, uint32_t gives);

#endif
