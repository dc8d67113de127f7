// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "snapshot/ledger.h"
#include "snapshot/processes.h"
#include "util/u64.h"

static void count_ref(struct holder *holder, uint32_t type)
{
	/* Most are descriptors. */
	if (type == DMABUF_REC_REF_FD || type == DMABUF_REC_REF_PATH)
		holder->fds++;
	else if (type == DMABUF_REC_REF_MAP)
		holder->maps++;
	else if (type == DMABUF_REC_REF_GEM_HANDLE ||
		 type == DMABUF_REC_REF_FRAMEBUFFER)
		holder->handles++;
}

/* Whether a process with these references can use the buffer. */
static bool is_holder(const struct holder *holder)
{
	return holder->fds || holder->maps || holder->handles;
}

/* A descriptor of a process keeps the memory of a released buffer. */
static void keep_released(struct dmabuf_usage *usage,
			  const struct buffer *buffer)
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
static void share(struct dmabuf_snapshot *snapshot, const struct buffer *buffer,
		  const struct ledger *ledger)
{
	const bool knows_size = buffer->have & DMABUF_HAVE_SIZE;
	const uint64_t bytes = knows_size ? buffer->bytes : 0;
	const bool knows_all = knows_all_holders(snapshot, buffer, ledger);
	struct process *processes = snapshot->processes.data, *process;
	struct holder *holder = snapshot->holders.data, *end;
	uint64_t each, rest;

	if (!ledger->holders)
		return;
	holder += ledger->holder;
	end = holder + ledger->holders;
	each = bytes / ledger->holders;
	rest = bytes % ledger->holders;
	for (; holder < end; holder++) {
		holder->pss = each + !!rest;
		rest -= !!rest;
		process = &processes[holder->process];
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
static void keep(struct dmabuf_usage *usage, const struct buffer *buffer)
{
	usage->kept_buffers++;
	if (buffer->have & DMABUF_HAVE_SIZE)
		usage->kept = u64_sat_add(usage->kept, buffer->bytes);
	else
		usage->lacks_kept = true;
}

/*
 * Counts the references of one process, or those of none, from @ref on. Return:
 * the reference after its last.
 */
static const struct ref *count_refs(const struct ref *ref,
				    const struct ref *end,
				    struct ledger *ledger,
				    struct holder *holder)
{
	const uint32_t pid = ref->rec->pid;

	for (; ref < end && ref->rec->pid == pid; ref++) {
		ledger->explained += ref->refs;
		count_ref(holder, ref->rec->type);
	}
	return ref;
}

/*
 * As keep_ledger(), in fewer steps, for a buffer that one process holds by one
 * descriptor: most are such. Return: whether it is one.
 */
static bool keep_one(struct dmabuf_snapshot *snapshot,
		     const struct buffer *buffer, struct ledger *ledger,
		     struct process *process)
{
	const struct ref *ref = snapshot->joined.data;
	struct holder *holder = snapshot->holders.data;

	ref += ledger->ref;
	if (ledger->refs != 1 || !process ||
	    ref->rec->pid != process->rec.pid ||
	    ref->rec->type != DMABUF_REC_REF_FD || is_released(buffer) ||
	    !(buffer->have & DMABUF_HAVE_SIZE))
		return false;
	ledger->explained += ref->refs;
	ledger->holder = snapshot->holders.n++;
	ledger->holders = 1;
	holder += ledger->holder;
	*holder = (struct holder){
		.process = vec_index(&snapshot->processes, process),
		.fds = 1,
		.pss = buffer->bytes,
	};
	use(&process->usage, holder, buffer->bytes,
	    knows_all_holders(snapshot, buffer, ledger));
	return true;
}

/*
 * Completes the ledger of a buffer, which has its references. @last is the
 * process of the reference before.
 */
static void keep_ledger(struct dmabuf_snapshot *snapshot,
			const struct buffer *buffer, struct ledger *ledger,
			struct process **last)
{
	const struct ref *ref = snapshot->joined.data, *end;
	struct holder *first = snapshot->holders.data, *holder;
	const struct process *processes = snapshot->processes.data;
	struct process *process;
	uint32_t pid;

	if (!ledger->refs || keep_one(snapshot, buffer, ledger, *last))
		return;
	ref += ledger->ref;
	end = ref + ledger->refs;
	ledger->holder = snapshot->holders.n;
	holder = first + ledger->holder;
	while (ref < end) {
		*holder = (struct holder){};
		pid = ref->rec->pid;
		ref = count_refs(ref, end, ledger, holder);
		if (!pid)
			continue;
		process = next_process(&snapshot->processes, *last, pid);
		*last = process;
		if (!is_holder(holder)) {
			keep(&process->usage, buffer);
			continue;
		}
		holder->process = process - processes;
		holder++;
	}
	snapshot->holders.n = holder - first;
	ledger->holders = snapshot->holders.n - ledger->holder;
	share(snapshot, buffer, ledger);
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
	const struct buffer *buffer = snapshot->buffers.data;
	struct ledger *ledger = snapshot->ledgers.data;
	size_t i;

	/* Most references are those of one holder each. */
	if (vec_reserve_used(&snapshot->holders, snapshot->joined.n))
		return -ENOMEM;
	while ((process = vec_next(&snapshot->processes, process))) {
		process->usage.lacks_kept = lacks_kept;
		process->usage.lacks_released = lacks_released;
	}
	for (i = 0; i < snapshot->buffers.n; i++)
		keep_ledger(snapshot, &buffer[i], &ledger[i], &process);
	return 0;
}

bool has_unexplained(const struct dmabuf_snapshot *snapshot)
{
	const struct buffer *buffer = snapshot->buffers.data;
	const struct ledger *ledger = snapshot->ledgers.data;
	const struct ledger *end = vec_end(&snapshot->ledgers);

	for (; ledger < end; ledger++, buffer++)
		if (is_unexplained(buffer, ledger))
			return true;
	return false;
}
