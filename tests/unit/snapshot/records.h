/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots with buffers and attachments. */
#ifndef TESTS_UNIT_SNAPSHOT_RECORDS_H
#define TESTS_UNIT_SNAPSHOT_RECORDS_H

#include "snapshot/buffers.h"
#include "snapshot/record_add.h"
#include "tests/unit/unit.h"

static inline void add(struct dmabuf_snapshot *snapshot, const void *rec)
{
	const struct dmabuf_rec *head = rec;

	assert_int_equal(snapshot_add(snapshot, rec, head->size), head->size);
}

static inline void add_buffer(struct dmabuf_snapshot *snapshot, uint64_t key,
			      uint64_t ino, uint32_t pass)
{
	struct dmabuf_rec_buffer rec = unit_buffer(key, ino);

	rec.pass = pass;
	snprintf(rec.name, sizeof(rec.name), "pass %u", pass);
	add(snapshot, &rec);
}

static inline void add_attachment(struct dmabuf_snapshot *snapshot,
				  uint64_t key, uint32_t pass, uint32_t order)
{
	struct dmabuf_rec_attachment rec = unit_attachment(key, pass, order);

	add(snapshot, &rec);
}

#endif
