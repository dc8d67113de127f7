// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "snapshot/ledger.h"
#include "snapshot/processes.h"
#include "util/u64.h"

static void count_ref(struct holder *holder, const struct dmabuf_rec_ref *ref)
{
	holder->fds += ref->type == DMABUF_REC_REF_FD ||
		       ref->type == DMABUF_REC_REF_PATH;
	holder->maps += ref->type == DMABUF_REC_REF_MAP;
	holder->handles += ref->type == DMABUF_REC_REF_GEM_HANDLE ||
			   ref->type == DMABUF_REC_REF_FRAMEBUFFER;
}

/* Whether a process with these references can use the buffer. */
static bool is_holder(const struct holder *holder)
{
	return holder->fds || holder->maps || holder->handles;
}

/* The types of references by which a process holds a buffer. */
static const uint32_t holding = DMABUF_REC_COVERS(DMABUF_REC_REF_FD) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
				DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER);

bool searched_all_processes(const struct dmabuf_snapshot *snapshot)
{
	return (snapshot->source.covers & holding) == holding;
}

static bool is_explained(const struct dmabuf_rec_buffer *buffer,
			 const struct ledger *ledger)
{
	return buffer->have & DMABUF_HAVE_REFS &&
	       buffer->have & DMABUF_HAVE_LEDGER &&
	       ledger->explained == buffer->refs;
}

/* A released buffer has no references: another process may keep it as well. */
bool knows_all_holders(const struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_rec_buffer *buffer,
		       const struct ledger *ledger)
{
	if (is_released(buffer))
		return snapshot->source.covers &
		       DMABUF_REC_COVERS(DMABUF_REC_REF_PATH);
	return searched_all_processes(snapshot) || is_explained(buffer, ledger);
}

/* A descriptor of a process keeps the memory of a released buffer. */
static void keep_released(struct dmabuf_usage *usage,
			  const struct dmabuf_rec_buffer *buffer)
{
	usage->released_buffers++;
	if (buffer->have & DMABUF_HAVE_SIZE)
		usage->released = u64_sat_add(usage->released, buffer->bytes);
	else
		usage->lacks_released = true;
}

/* Adds what a process holds of a buffer, of which @bytes are the size. */
static void use(struct dmabuf_usage *usage, const struct holder *holder,
		uint64_t bytes, bool knows_all)
{
	usage->buffers++;
	usage->uncertain += !knows_all;
	usage->fds += holder->fds;
	usage->maps += holder->maps;
	usage->handles += holder->handles;
	usage->rss = u64_sat_add(usage->rss, bytes);
	usage->pss = u64_sat_add(usage->pss, holder->pss);
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
	const bool knows_all = knows_all_holders(snapshot, buffer, ledger);
	struct process *process;
	struct holder *holder;
	size_t i;

	for (i = 0; i < ledger->holders; i++) {
		holder = vec_at(&snapshot->holders, ledger->holder + i);
		holder->pss =
			bytes / ledger->holders + (i < bytes % ledger->holders);
		process = vec_at(&snapshot->processes, holder->process);
		if (is_released(buffer))
			keep_released(&process->usage, buffer);
		else
			use(&process->usage, holder, bytes, knows_all);
		if (knows_size)
			continue;
		process->usage.lacks_sizes |= !is_released(buffer);
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

/* A process keeps a buffer alive that it does not hold. */
static void keep(struct dmabuf_usage *usage,
		 const struct dmabuf_rec_buffer *buffer)
{
	usage->kept_buffers++;
	if (buffer->have & DMABUF_HAVE_SIZE)
		usage->kept = u64_sat_add(usage->kept, buffer->bytes);
	else
		usage->lacks_kept = true;
}

/*
 * Counts the references of one process, or those of none. @at is the index of
 * the first and is moved past the last.
 */
static struct holder count_refs(const struct vec *refs, size_t *at,
				struct ledger *ledger)
{
	const struct dmabuf_rec_ref *first = vec_at(refs, *at), *ref = first;
	const struct dmabuf_rec_ref *end = vec_at(refs, refs->n);
	struct holder holder = {};

	for (; ref < end && ref->pid == first->pid && ref->key == first->key &&
	       ref->ino == first->ino;
	     ref++) {
		ledger->explained += ref->refs;
		count_ref(&holder, ref);
	}
	ledger->refs += ref - first;
	*at += ref - first;
	return holder;
}

/*
 * Makes the ledger of a buffer. @at is the index of its first reference and is
 * moved past its last. @last is the process of the reference before.
 */
static int keep_ledger(struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_rec_buffer *buffer, size_t *at,
		       struct process **last)
{
	struct ledger ledger = { .ref = *at, .holder = snapshot->holders.n };
	const struct dmabuf_rec_ref *ref;
	struct process *process;
	struct holder holder;

	while (*at < snapshot->refs.n) {
		ref = vec_at(&snapshot->refs, *at);
		if (ref->key != buffer->key || ref->ino != buffer->ino)
			break;
		holder = count_refs(&snapshot->refs, at, &ledger);
		if (!ref->pid)
			continue;
		process = next_process(&snapshot->processes, *last, ref->pid);
		*last = process;
		if (!is_holder(&holder)) {
			keep(&process->usage, buffer);
			continue;
		}
		holder.process = vec_index(&snapshot->processes, process);
		if (vec_push(&snapshot->holders, &holder))
			return -ENOMEM;
		ledger.holders++;
	}
	share(snapshot, buffer, &ledger);
	return vec_push(&snapshot->ledgers, &ledger);
}

/* Whether all kinds of references were searched for that only keep a buffer. */
static bool searched_all_keepers(const struct dmabuf_snapshot *snapshot)
{
	const uint32_t all = DMABUF_REC_COVERS(DMABUF_REC_REF_MESSAGE) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_ITERATOR) |
			     DMABUF_REC_COVERS(DMABUF_REC_REF_WAITER);

	return (snapshot->source.covers & all) == all;
}

int snapshot_make_ledgers(struct dmabuf_snapshot *snapshot)
{
	const bool lacks_kept = !searched_all_keepers(snapshot),
		   lacks_released = !(snapshot->source.covers &
				      DMABUF_REC_COVERS(DMABUF_REC_REF_PATH));
	struct process *process = NULL;
	size_t i, at = 0;
	int r;

	/* Most references are those of one holder each. */
	r = vec_reserve(&snapshot->ledgers, snapshot->buffers.n)
		    ?: vec_reserve(&snapshot->holders, snapshot->refs.n);
	while ((process = vec_next(&snapshot->processes, process))) {
		process->usage.lacks_kept = lacks_kept;
		process->usage.lacks_released = lacks_released;
	}
	for (i = 0; !r && i < snapshot->buffers.n; i++)
		r = keep_ledger(snapshot, vec_at(&snapshot->buffers, i), &at,
				&process);
	return r;
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
