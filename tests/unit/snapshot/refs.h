/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots with references, for tests of their join. */
#ifndef TESTS_UNIT_SNAPSHOT_REFS_H
#define TESTS_UNIT_SNAPSHOT_REFS_H

#include "snapshot/buffers.h"
#include "snapshot/join.h"
#include "snapshot/record_add.h"
#include "tests/unit/unit.h"

enum {
	COVERS = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
		 DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) |
		 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
		 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER)
};

static inline struct dmabuf_snapshot *new_snapshot(uint32_t covers)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.covers = covers,
		.collector = "test",
	};

	assert_non_null(snapshot);
	assert_int_equal(snapshot_add(snapshot, &source, sizeof(source)),
			 sizeof(source));
	return snapshot;
}

static inline void add_buffer(struct dmabuf_snapshot *snapshot, uint64_t ino,
			      uint64_t bytes, uint64_t refs)
{
	struct dmabuf_rec_buffer rec = unit_buffer(0xffff0000 + ino, ino);

	rec.bytes = bytes;
	rec.refs = refs;
	rec.have |= DMABUF_HAVE_ADDRESS | DMABUF_HAVE_LEDGER;
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static inline struct dmabuf_rec_ref ref_of(uint64_t ino, uint32_t pid,
					   uint32_t type, uint64_t table,
					   uint64_t place)
{
	return (struct dmabuf_rec_ref){
		.head = { DMABUF_REC_REF, sizeof(struct dmabuf_rec_ref) },
		.key = 0xffff0000 + ino,
		.ino = ino,
		.table = table,
		.place = place,
		.type = type,
		.refs = 1,
		.pid = pid,
		.tid = pid,
		.comm = "task",
	};
}

static inline void add_ref(struct dmabuf_snapshot *snapshot,
			   struct dmabuf_rec_ref rec)
{
	assert_int_equal(snapshot_add(snapshot, &rec, sizeof(rec)),
			 sizeof(rec));
}

static inline void join(struct dmabuf_snapshot *snapshot)
{
	snapshot_join_buffers(snapshot);
	assert_int_equal(snapshot_join_refs(snapshot), 0);
}

/* Number and address of each in a snapshot; an address of 0 is not known. */
static inline struct dmabuf_snapshot *snapshot_of(const char *text)
{
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	struct dmabuf_rec_buffer rec;
	unsigned int ino, key;
	int n;

	for (; sscanf(text, "%u:%u%n", &ino, &key, &n) == 2; text += n) {
		rec = unit_buffer(key, ino);
		if (key)
			rec.have |= DMABUF_HAVE_ADDRESS;
		else
			rec.key = snapshot->buffers.n + 1;
		assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
	}
	snapshot_join_buffers(snapshot);
	return snapshot;
}

#endif
