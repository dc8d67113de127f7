// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/proc_refs.h"

#include <errno.h>
#include <string.h>

#include "collect/proc_walk.h"
#include "snapshot/gaps.h"
#include "snapshot/match.h"
#include "util/cleanup.h"

#define PATHS                                                                  \
	"descriptors opened with O_PATH may keep the memory of some; /proc "   \
	"does not tell which"

/*
 * A number for what the task may share with others: its table of descriptors,
 * or its address space. @ret takes 0 when that is not known. Return: 0 or
 * -ENOMEM.
 */
static int find_table(const struct proc_walk *walk, struct shared *shared,
		      pid_t tid, __u64 *ret)
{
	pid_t first = 0;
	int r;

	if (walk->live && shared->tid != tid) {
		r = kcmp_set_add(&shared->set, tid, &first);
		if (r == -ENOMEM)
			return r;
		shared->tid = tid;
		shared->table = r < 0 ? 0 : first;
	}
	*ret = shared->table;
	return 0;
}

int proc_add_ref(struct proc_walk *walk, struct dmabuf_rec_ref *ref,
		 const struct proc_task *task)
{
	ref->head = (struct dmabuf_rec){ DMABUF_REC_REF, sizeof(*ref) };
	ref->refs = 1;
	ref->pid = task->pid;
	memcpy(ref->comm, task->comm, sizeof(ref->comm));
	if (find_table(walk,
		       ref->type == DMABUF_REC_REF_FD ? &walk->files
						      : &walk->memory,
		       task->tid, &ref->table))
		return -ENOMEM;
	return vec_push(&walk->snapshot->refs, ref);
}

static int add_descriptor(struct proc_walk *walk, const struct proc_task *task,
			  uint64_t fd, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_rec_ref ref = {
		.type = DMABUF_REC_REF_FD,
		.key = match_key(&walk->snapshot->buffers, buffer),
		.ino = buffer->ino,
		.place = fd,
		.tid = task->tid,
	};

	return proc_add_ref(walk, &ref, task);
}

static int add_mapping(struct proc_walk *walk, const struct proc_task *task,
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
	return proc_add_ref(walk, &ref, task);
}

int proc_read_refs(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t types, uint32_t *covers)
{
	_cleanup_(proc_walk_fini) struct proc_walk walk = {};
	const struct proc_sink sink = {
		types & SEES_FD ? add_descriptor : NULL,
		add_mapping,
	};
	int r;

	proc_walk_init(&walk, ctx, snapshot, &sink);
	r = proc_walk_all(&walk, "holders");
	if (!r && walk.paths &&
	    snapshot_add_gap(snapshot, "released buffers", 0, PATHS))
		r = error_no_memory(&ctx->error);
	if (!r)
		*covers |= types & ~walk.unseen;
	return r;
}
