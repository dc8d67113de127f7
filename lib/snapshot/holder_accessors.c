// SPDX-License-Identifier: LGPL-2.1-or-later
/* What callers see of references, holders and processes. */
#include <errno.h>

#include "core/context.h"
#include "snapshot/ledger.h"
#include "snapshot/processes.h"
#include "util/array.h"

/* That there is none is not known: nobody searched. Return: NULL. */
static const void *none_known(const struct dmabuf_snapshot *snapshot)
{
	if (!snapshot->source.head.kind)
		errno = ENODATA;
	return NULL;
}

/* The one after @prev among @n from @first on; the first after NULL. */
static const void *next_of(const struct dmabuf_snapshot *snapshot,
			   const struct vec *vec, size_t first, size_t n,
			   const void *prev)
{
	size_t i = prev ? vec_index(vec, prev) + 1 : first;

	return i < first + n ? vec_at(vec, i) : none_known(snapshot);
}

const char *dmabuf_snapshot_holders_collector(
	const struct dmabuf_snapshot *snapshot)
{
	return snapshot->source.head.kind ? snapshot->source.collector : NULL;
}

bool dmabuf_snapshot_searched(const struct dmabuf_snapshot *snapshot, int type)
{
	return snapshot->source.head.kind && type > 0 &&
	       type < DMABUF_REC_REF_TYPES &&
	       snapshot->source.covers & DMABUF_REC_COVERS(type);
}

const struct dmabuf_ref *dmabuf_buffer_next_ref(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_ref *prev)
{
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);

	return next_of(snapshot, &snapshot->joined, ledger->ref, ledger->refs,
		       prev);
}

static const struct dmabuf_rec_ref *ref_rec(const struct dmabuf_ref *ref)
{
	return ((const struct ref *)ref)->rec;
}

/* Callers get the type of the record as it is. */
#define SAME_TYPE(name)                                                        \
	_Static_assert((int)DMABUF_REF_##name == (int)DMABUF_REC_REF_##name,   \
		       "types of references")

SAME_TYPE(FD);
SAME_TYPE(MAP);
SAME_TYPE(GEM_HANDLE);
SAME_TYPE(GEM_OBJECT);
SAME_TYPE(MESSAGE);
SAME_TYPE(IO_URING);
SAME_TYPE(V4L2);
SAME_TYPE(ITERATOR);
SAME_TYPE(FRAMEBUFFER);
SAME_TYPE(PATH);
SAME_TYPE(WAITER);

int dmabuf_ref_type(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->type;
}

const char *dmabuf_ref_type_name(int type)
{
	static const char *const names[] = {
		[DMABUF_REF_FD] = "fd",
		[DMABUF_REF_MAP] = "map",
		[DMABUF_REF_GEM_HANDLE] = "gem_handle",
		[DMABUF_REF_GEM_OBJECT] = "gem_object",
		[DMABUF_REF_MESSAGE] = "message",
		[DMABUF_REF_IO_URING] = "io_uring",
		[DMABUF_REF_V4L2] = "v4l2",
		[DMABUF_REF_ITERATOR] = "iterator",
		[DMABUF_REF_FRAMEBUFFER] = "framebuffer",
		[DMABUF_REF_PATH] = "path",
		[DMABUF_REF_WAITER] = "waiter",
	};

	if (type <= 0 || (size_t)type >= ARRAY_SIZE(names) || !names[type])
		return "unknown";
	return names[type];
}

uint32_t dmabuf_ref_pid(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->pid;
}

uint32_t dmabuf_ref_tid(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->tid;
}

uint64_t dmabuf_ref_place(const struct dmabuf_ref *ref)
{
	return ref_place((const void *)ref);
}

uint64_t dmabuf_ref_bytes(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->bytes;
}

uint64_t dmabuf_ref_offset(const struct dmabuf_ref *ref)
{
	return ref_rec(ref)->type == DMABUF_REC_REF_MAP ? ref_rec(ref)->offset
							: 0;
}

uint32_t dmabuf_ref_count(const struct dmabuf_ref *ref)
{
	return ((const struct ref *)ref)->refs;
}

const struct dmabuf_holder *dmabuf_buffer_next_holder(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_holder *prev)
{
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);

	return next_of(snapshot, &snapshot->holders, ledger->holder,
		       ledger->holders, prev);
}

static const struct holder *inside(const struct dmabuf_holder *holder)
{
	return (const void *)holder;
}

const struct dmabuf_process *dmabuf_holder_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_holder *holder)
{
	return vec_at(&snapshot->processes, inside(holder)->process);
}

uint64_t dmabuf_holder_fds(const struct dmabuf_holder *holder)
{
	return inside(holder)->fds;
}

uint64_t dmabuf_holder_maps(const struct dmabuf_holder *holder)
{
	return inside(holder)->maps;
}

uint64_t dmabuf_holder_handles(const struct dmabuf_holder *holder)
{
	return inside(holder)->handles;
}

int dmabuf_holder_pss(const struct dmabuf_holder *holder, uint64_t *ret)
{
	if (inside(holder)->pss == UINT64_MAX)
		return -ENODATA;
	*ret = inside(holder)->pss;
	return 0;
}

int dmabuf_buffer_processes(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);

	/* A process that could not be searched holds none of these. */
	if (!snapshot->source.head.kind || ledger->ambiguous ||
	    !knows_all_holders(snapshot, (const void *)buffer, ledger))
		return -ENODATA;
	*ret = ledger->holders;
	return 0;
}

int dmabuf_buffer_kernel_only(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer, bool *ret)
{
	uint64_t processes;

	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);

	if (ledger->holders && !ledger->ambiguous)
		processes = 1;
	else if (dmabuf_buffer_processes(snapshot, buffer, &processes))
		return -ENODATA;
	*ret = !processes;
	return 0;
}

int dmabuf_buffer_explained(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	if (!snapshot->source.head.kind ||
	    snapshot_ledger(snapshot, buffer)->ambiguous)
		return -ENODATA;
	*ret = snapshot_ledger(snapshot, buffer)->explained;
	return 0;
}

int dmabuf_buffer_unexplained(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	const struct buffer *rec = (const void *)buffer;
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);

	if (!knows_unexplained(snapshot, rec, ledger))
		return -ENODATA;
	*ret = rec->refs - ledger->explained;
	return 0;
}

const struct dmabuf_process *dmabuf_snapshot_next_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_process *prev)
{
	return vec_next(&snapshot->processes, prev) ?: none_known(snapshot);
}

const struct dmabuf_process *dmabuf_snapshot_find_process(
	const struct dmabuf_snapshot *snapshot, uint32_t pid)
{
	return (const void *)process_find(&snapshot->processes, pid)
		       ?: none_known(snapshot);
}

static const struct process *process_of(const struct dmabuf_process *process)
{
	return (const void *)process;
}

uint32_t dmabuf_process_pid(const struct dmabuf_process *process)
{
	return process_of(process)->rec.pid;
}

const char *dmabuf_process_comm(const struct dmabuf_process *process)
{
	const char *comm = process_of(process)->rec.comm;

	return comm[0] ? comm : NULL;
}

const char *dmabuf_process_cgroup(const struct dmabuf_process *process)
{
	const char *cgroup = process_of(process)->rec.cgroup;

	return cgroup[0] ? cgroup : NULL;
}

int dmabuf_process_usage(const struct dmabuf_process *process,
			 struct dmabuf_usage *ret)
{
	return result_copy(ret, sizeof(*ret), &process_of(process)->usage);
}
