// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "snapshot/ledger.h"
#include "snapshot/processes.h"
#include "util/u64.h"

static void count_ref(struct holder *holder, const struct dmabuf_rec_ref *ref)
{
	holder->fds += ref->type == DMABUF_REC_REF_FD;
	holder->maps += ref->type == DMABUF_REC_REF_MAP;
	holder->handles += ref->type == DMABUF_REC_REF_GEM_HANDLE ||
			   ref->type == DMABUF_REC_REF_FRAMEBUFFER;
}

static bool is_process_ref(const struct dmabuf_rec_ref *ref)
{
	return ref->pid && (ref->type == DMABUF_REC_REF_FD ||
			    ref->type == DMABUF_REC_REF_MAP ||
			    ref->type == DMABUF_REC_REF_GEM_HANDLE ||
			    ref->type == DMABUF_REC_REF_FRAMEBUFFER);
}

/*
 * Divides the size among the holders in whole bytes. The first holders get one
 * byte more each until the rest is used up.
 */
static void share(struct dmabuf_snapshot *snapshot,
		  const struct dmabuf_rec_buffer *buffer,
		  const struct ledger *ledger)
{
	const bool knows_size = buffer->have & DMABUF_HAVE_SIZE;
	const uint64_t bytes = knows_size ? buffer->bytes : 0;
	struct dmabuf_usage *usage;
	struct holder *holder;
	size_t i;

	for (i = 0; i < ledger->holders; i++) {
		holder = vec_at(&snapshot->holders, ledger->holder + i);
		holder->pss =
			bytes / ledger->holders + (i < bytes % ledger->holders);
		usage = &((struct process *)vec_at(&snapshot->processes,
						   holder->process))
				 ->usage;
		usage->buffers++;
		usage->fds += holder->fds;
		usage->maps += holder->maps;
		usage->handles += holder->handles;
		usage->rss = u64_sat_add(usage->rss, bytes);
		usage->pss = u64_sat_add(usage->pss, holder->pss);
		if (knows_size)
			continue;
		usage->lacks_sizes = true;
		holder->pss = UINT64_MAX;
	}
}

/*
 * Finds a process. Most often it is that of the last reference, or the next
 * one.
 */
static struct process *next_process(const struct vec *processes,
				    struct process *last, uint32_t pid)
{
	const struct process *end = vec_at(processes, processes->n);

	if (last && last->rec.pid == pid)
		return last;
	if (last && last + 1 < end && last[1].rec.pid == pid)
		return last + 1;
	return process_find(processes, pid);
}

/*
 * Makes the ledger of a buffer. @at is the index of its first reference and is
 * moved past its last.
 */
static int keep_ledger(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_rec_buffer *buffer, size_t *at)
{
	struct ledger ledger = { .ref = *at, .holder = snapshot->holders.n };
	const struct dmabuf_rec_ref *ref;
	struct process *process = NULL;
	struct holder one, *holder = NULL;
	uint32_t pid = 0;

	for (; *at < snapshot->refs.n; ++*at, ledger.refs++) {
		ref = vec_at(&snapshot->refs, *at);
		if (ref->key != buffer->key || ref->ino != buffer->ino)
			break;
		ledger.explained += ref->refs;
		if (!is_process_ref(ref))
			continue;
		if (!holder || pid != ref->pid) {
			pid = ref->pid;
			process = next_process(&snapshot->processes, process,
					       pid);
			one = (struct holder){
				.process = vec_index(&snapshot->processes,
						     process),
			};
			if (vec_push(&snapshot->holders, &one))
				return -ENOMEM;
			holder = vec_at(&snapshot->holders,
					snapshot->holders.n - 1);
			ledger.holders++;
		}
		count_ref(holder, ref);
	}
	share(snapshot, buffer, &ledger);
	return vec_push(&snapshot->ledgers, &ledger);
}

int snapshot_make_ledgers(struct dmabuf_snapshot *snapshot)
{
	size_t i, at = 0;
	int r = 0;

	for (i = 0; !r && i < snapshot->buffers.n; i++)
		r = keep_ledger(snapshot, vec_at(&snapshot->buffers, i), &at);
	return r;
}

bool searched_all_processes(const struct dmabuf_snapshot *snapshot)
{
	const uint32_t all = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_MAP);

	return (snapshot->source.covers & all) == all;
}

bool buffer_is_explained(const struct dmabuf_snapshot *snapshot,
			 const struct dmabuf_rec_buffer *buffer)
{
	return buffer->have & DMABUF_HAVE_REFS &&
	       buffer->have & DMABUF_HAVE_LEDGER &&
	       snapshot_ledger(snapshot, buffer)->explained == buffer->refs;
}

bool buffer_is_unexplained(const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_rec_buffer *buffer)
{
	return buffer->have & DMABUF_HAVE_LEDGER &&
	       snapshot_ledger(snapshot, buffer)->explained < buffer->refs;
}

bool has_unexplained(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_buffer *buffer = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
		if (buffer_is_unexplained(snapshot, buffer))
			return true;
	return false;
}
