// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/snapshot.h"

struct dmabuf_snapshot *snapshot_new(void)
{
	struct dmabuf_snapshot *snapshot = malloc(sizeof(*snapshot));

	if (!snapshot)
		return NULL;
	*snapshot = (struct dmabuf_snapshot){
		.buffers = VEC_OF(struct buffer),
		.released = VEC_OF(struct buffer),
		.attachments = VEC_OF(struct dmabuf_rec_attachment),
		.gaps = VEC_OF(struct dmabuf_rec_gap),
		.refs = VEC_OF(struct dmabuf_rec_ref),
		.descriptors = VEC_OF(struct descriptor),
		.tables = VEC_OF(struct dmabuf_rec_ref),
		.joined = VEC_OF(struct ref),
		.keepers = VEC_OF(struct dmabuf_rec_keeper),
		.holders = VEC_OF(struct holder),
		.processes = VEC_OF(struct process),
		.ledgers = VEC_OF(struct ledger),
		.births = VEC_OF(struct dmabuf_rec_birth),
		.cgroups = VEC_OF(struct dmabuf_rec_cgroup),
		.frames = VEC_OF(struct dmabuf_rec_frame),
	};
	return snapshot;
}

void dmabuf_snapshot_free(struct dmabuf_snapshot *snapshot)
{
	if (!snapshot)
		return;
	vec_fini(&snapshot->buffers);
	vec_fini(&snapshot->released);
	texts_fini(&snapshot->texts);
	vec_fini(&snapshot->attachments);
	vec_fini(&snapshot->gaps);
	vec_fini(&snapshot->refs);
	vec_fini(&snapshot->descriptors);
	vec_fini(&snapshot->tables);
	vec_fini(&snapshot->joined);
	vec_fini(&snapshot->keepers);
	vec_fini(&snapshot->holders);
	vec_fini(&snapshot->processes);
	vec_fini(&snapshot->ledgers);
	vec_fini(&snapshot->births);
	vec_fini(&snapshot->cgroups);
	vec_fini(&snapshot->frames);
	snapshot_drop_index(snapshot);
	free(snapshot);
}

struct snapshot_mark snapshot_mark(const struct dmabuf_snapshot *snapshot)
{
	return (struct snapshot_mark){
		.buffers = snapshot->buffers.n,
		.released = snapshot->released.n,
		.attachments = snapshot->attachments.n,
		.gaps = snapshot->gaps.n,
		.refs = snapshot->refs.n,
		.descriptors = snapshot->descriptors.n,
		.tables = snapshot->tables.n,
		.keepers = snapshot->keepers.n,
		.processes = snapshot->processes.n,
	};
}

void snapshot_rewind(struct dmabuf_snapshot *snapshot,
		     const struct snapshot_mark *mark)
{
	snapshot->buffers.n = mark->buffers;
	snapshot->released.n = mark->released;
	snapshot->attachments.n = mark->attachments;
	snapshot->gaps.n = mark->gaps;
	snapshot->refs.n = mark->refs;
	snapshot->descriptors.n = mark->descriptors;
	snapshot->tables.n = mark->tables;
	snapshot->keepers.n = mark->keepers;
	snapshot->processes.n = mark->processes;
}

int snapshot_take_refs(struct dmabuf_snapshot *snapshot, uint32_t type,
		       struct vec *to)
{
	struct vec *refs = &snapshot->refs;
	const struct dmabuf_rec_ref *ref;
	size_t i, kept = 0;

	for (i = 0; i < refs->n; i++) {
		ref = vec_at(refs, i);
		if (ref->type == type) {
			if (vec_push(to, ref))
				return -ENOMEM;
			continue;
		}
		if (kept < i)
			memcpy(vec_at(refs, kept), ref, sizeof(*ref));
		kept++;
	}
	refs->n = kept;
	return 0;
}
