// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/proc_maps.h"

#include <string.h>

#include "collect/proc_walk.h"
#include "snapshot/match.h"

int proc_add_mapping(struct proc_walk *walk, const struct proc_task *task,
		     const struct proc_mapping *mapping)
{
	struct dmabuf_rec_buffer seen = {
		.ino = mapping->ino,
		.have = DMABUF_HAVE_NAME,
	};
	struct dmabuf_rec_ref ref = {
		.type = DMABUF_REC_REF_MAP,
		.ino = mapping->ino,
		.place = mapping->start,
		.bytes = mapping->end - mapping->start,
		.offset = mapping->offset,
		.tid = task->pid,
	};

	memcpy(seen.name, mapping->name, sizeof(seen.name));
	ref.key = match_key(&walk->snapshot->buffers, &seen);
	return proc_walk_add_ref(walk, &ref, task);
}

int proc_read_maps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers)
{
	static const struct proc_sink sink = { .mapping = proc_add_mapping };

	return proc_walk_refs(ctx, &sink, SEES_MAP, snapshot, covers);
}
