// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Nothing is locked: a list of tasks counts when it was read twice alike, and a
 * descriptor when its table still has it after its file was read.
 */
#include "collect/task_tables.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/layout.h"
#include "collect/own_file.h"
#include "collect/pid_namespace.h"
#include "files/memory.h"
#include "snapshot/gaps.h"
#include "util/cleanup.h"
#include "util/u64.h"

#define FMODE_PATH 0x4000
#define PF_KTHREAD 0x00200000

enum { TASKS_MOST = 1 << 22, SLOTS_MOST = 1 << 26, TRIES = 8 };

static const enum kernel_field needs[] = {
	OWN_FILE_NEEDS,
	FIELD_fdtable_max_fds,
	FIELD_file_f_mode,
	FIELD_file_private_data,
	FIELD_inode_i_mode,
	FIELD_inode_i_sb,
	FIELD_signal_struct_thread_head,
	FIELD_super_block_s_magic,
	FIELD_task_struct_comm,
	FIELD_task_struct_flags,
	FIELD_task_struct_group_leader,
	FIELD_task_struct_pid,
	FIELD_task_struct_signal,
	FIELD_task_struct_tasks,
	FIELD_task_struct_tgid,
	FIELD_task_struct_thread_node,
	FIELDS,
};

/* A task with a table that its process does not have. */
struct task {
	uint64_t files;
	uint32_t pid, tid;
	char comm[DMABUF_REC_COMM_LEN];
};

/* @tasks: uint64_t, address of each; @owners: struct task, by table */
struct search {
	struct dmabuf_ctx *ctx;
	struct dmabuf_snapshot *snapshot;
	struct memory *memory;
	struct layout layout;
	struct vec tasks, owners;
	int error;
};

/* What is read of each file of a table, each an array. */
struct facts {
	struct vec slots, modes, privates, inodes, kinds, numbers, sbs, magics;
	struct vec again;
};

static void fail(struct search *search, int r)
{
	if (r && !search->error)
		search->error =
			r == -ENOMEM ? error_no_memory(&search->ctx->error) : r;
}

/* Queues a read of a member of each of @objects. */
static void queue(struct search *search, const struct vec *objects,
		  uint32_t offset, struct vec *values)
{
	fail(search, vec_reserve(values, objects->n));
	values->n = search->error ? 0 : objects->n;
	memory_queue(search->memory, objects->data, values->n, offset,
		     values->data, values->each);
}

#define QUEUE(search, objects, type, member, values)                           \
	queue(search, objects, AT(&(search)->layout, type, member), values)

static uint64_t number_at(const struct vec *numbers, size_t i)
{
	return ((const uint64_t *)numbers->data)[i];
}

/*
 * Adds the objects of a list, whose nodes are at an offset in them. Return:
 * whether they could be read: not when the list changes each time.
 */
static bool add_list(struct search *search, uint64_t head, uint32_t offset,
		     uint64_t except)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	uint64_t task;
	size_t i;

	if (memory_list(search->memory, head, TASKS_MOST, &nodes) !=
	    CHAIN_WHOLE)
		return false;
	for (i = 0; i < nodes.n && !search->error; i++) {
		task = number_at(&nodes, i) - offset;
		if (task != except)
			fail(search, vec_push(&search->tasks, &task));
	}
	return true;
}

/* Whether the types fit what we know about ourselves. @leader: our process */
static bool fits(struct search *search, uint64_t leader)
{
	_cleanup_close_ int fd = memfd_create("dmabuf", MFD_CLOEXEC);
	const struct layout *l = &search->layout;
	struct memory *m = search->memory;

	return fd >= 0 && own_file_find(m, l, fd) &&
	       memory_u32(m, leader + AT(l, task_struct, tgid)) ==
		       (uint32_t)getpid() &&
	       memory_u32(m, memory_reader(m) + AT(l, task_struct, pid)) ==
		       (uint32_t)gettid();
}

/* The list of processes begins at any of them, as it is a ring. */
static void find_processes(struct search *search)
{
	const struct layout *l = &search->layout;
	uint64_t reader;

	/* Any read tells who reads; nothing is at this address. */
	(void)memory_u64(search->memory, 1);
	reader = memory_u64(search->memory,
			    memory_reader(search->memory) +
				    AT(l, task_struct, group_leader));
	if (!fits(search, reader))
		fail(search, own_file_refuse_types(search->ctx));
	fail(search, vec_push(&search->tasks, &reader));
	if (!add_list(search, reader + AT(l, task_struct, tasks),
		      AT(l, task_struct, tasks), reader))
		fail(search, error_set(&search->ctx->error, -EAGAIN,
				       "processes came and went faster than "
				       "they could be read"));
}

static void find_threads(struct search *search)
{
	const uint32_t at = AT(&search->layout, signal_struct, thread_head);
	_cleanup_(vec_fini) struct vec signals = VEC_OF(uint64_t),
				       first = VEC_OF(uint64_t),
				       last = VEC_OF(uint64_t);
	size_t i;

	QUEUE(search, &search->tasks, task_struct, signal, &signals);
	memory_run(search->memory);
	queue(search, &signals, at, &first);
	queue(search, &signals, at + sizeof(uint64_t), &last);
	memory_run(search->memory);
	for (i = 0; i < signals.n && !search->error; i++)
		/*
		 * Most have one thread. A process whose threads come and go
		 * costs only its own threads.
		 */
		if (number_at(&first, i) != number_at(&last, i) &&
		    !add_list(search, number_at(&signals, i) + at,
			      AT(&search->layout, task_struct, thread_node),
			      number_at(&search->tasks, i)))
			fail(search,
			     snapshot_add_gap(search->snapshot, "holders", 1,
					      "threads came and went faster "
					      "than they could be read"));
}

/* What is read of each task, each an array. */
struct task_facts {
	struct vec leaders, files, leaders_files, flags, tgids, pids;
};

static void add_owner(struct search *search, const struct task_facts *facts,
		      size_t i)
{
	const uint64_t leader = number_at(&facts->leaders, i);
	struct task task = {
		.files = number_at(&facts->files, i),
		.pid = ((uint32_t *)facts->tgids.data)[i],
		.tid = ((uint32_t *)facts->pids.data)[i],
	};

	if (!task.files || ((uint32_t *)facts->flags.data)[i] & PF_KTHREAD ||
	    (number_at(&search->tasks, i) != leader &&
	     task.files == number_at(&facts->leaders_files, i)))
		return;
	memory_read(search->memory,
		    leader + AT(&search->layout, task_struct, comm), task.comm,
		    sizeof(task.comm));
	task.comm[sizeof(task.comm) - 1] = 0;
	fail(search, vec_push(&search->owners, &task));
}

static int compare_files(const void *left, const void *right)
{
	const struct task *a = left, *b = right;

	return u64_compare(a->files, b->files);
}

/* Threads mostly have the table of their process. */
static void find_owners(struct search *search)
{
	const struct vec *tasks = &search->tasks;
	struct task_facts facts = {
		.leaders = VEC_OF(uint64_t),
		.files = VEC_OF(uint64_t),
		.leaders_files = VEC_OF(uint64_t),
		.flags = VEC_OF(uint32_t),
		.tgids = VEC_OF(uint32_t),
		.pids = VEC_OF(uint32_t),
	};
	size_t i;

	QUEUE(search, tasks, task_struct, files, &facts.files);
	QUEUE(search, tasks, task_struct, flags, &facts.flags);
	QUEUE(search, tasks, task_struct, tgid, &facts.tgids);
	QUEUE(search, tasks, task_struct, pid, &facts.pids);
	QUEUE(search, tasks, task_struct, group_leader, &facts.leaders);
	memory_run(search->memory);
	QUEUE(search, &facts.leaders, task_struct, files, &facts.leaders_files);
	memory_run(search->memory);
	for (i = 0; i < tasks->n && !search->error; i++)
		add_owner(search, &facts, i);
	vec_sort(&search->owners, compare_files);
	vec_fini(&facts.leaders);
	vec_fini(&facts.files);
	vec_fini(&facts.leaders_files);
	vec_fini(&facts.flags);
	vec_fini(&facts.tgids);
	vec_fini(&facts.pids);
}

/* Reads the slots of a table, which grows by being replaced. */
static void read_slots(struct search *search, uint64_t files, struct vec *ret)
{
	const struct layout *l = &search->layout;
	struct memory *m = search->memory;
	const uint64_t at = files + AT(l, files_struct, fdt);
	uint64_t table, slots;
	uint32_t n;
	int i;

	for (i = 0; i < TRIES && !search->error; i++) {
		table = memory_u64(m, at);
		slots = memory_u64(m, table + AT(l, fdtable, fd));
		n = memory_u32(m, table + AT(l, fdtable, max_fds));
		ret->n = 0;
		if (n > SLOTS_MOST)
			continue;
		fail(search, vec_reserve(ret, n));
		if (search->error)
			return;
		ret->n = n;
		memory_read(m, slots, ret->data, n * ret->each);
		if (memory_u64(m, at) == table)
			return;
	}
	/* It belongs to somebody else by now. */
	ret->n = 0;
}

static void read_facts(struct search *search, struct facts *facts)
{
	const struct vec *slots = &facts->slots, *inodes = &facts->inodes;

	QUEUE(search, slots, file, f_mode, &facts->modes);
	QUEUE(search, slots, file, private_data, &facts->privates);
	QUEUE(search, slots, file, f_inode, &facts->inodes);
	memory_run(search->memory);
	QUEUE(search, inodes, inode, i_mode, &facts->kinds);
	QUEUE(search, inodes, inode, i_ino, &facts->numbers);
	QUEUE(search, inodes, inode, i_sb, &facts->sbs);
	memory_run(search->memory);
	QUEUE(search, &facts->sbs, super_block, s_magic, &facts->magics);
	memory_run(search->memory);
}

/* Whether a file that is no buffer may keep some. */
static bool may_keep(const struct facts *facts, size_t i)
{
	const uint16_t kind = ((const uint16_t *)facts->kinds.data)[i];
	const uint64_t magic = number_at(&facts->magics, i);

	return S_ISSOCK(kind) || S_ISCHR(kind) || magic == BPF_FS_MAGIC ||
	       magic == ANON_INODE_FS_MAGIC;
}

/* Makes the reference of a slot. Return: whether it is one. */
static bool read_ref(const struct facts *facts, size_t i,
		     struct dmabuf_rec_ref *ref)
{
	const bool is_path = ((const uint32_t *)facts->modes.data)[i] &
			     FMODE_PATH,
		   is_buffer = number_at(&facts->magics, i) == DMA_BUF_MAGIC;

	*ref = (struct dmabuf_rec_ref){
		.head = { DMABUF_REC_REF, sizeof(*ref) },
		.key = number_at(&facts->slots, i),
		.place = i,
		.type = is_path ? DMABUF_REC_REF_PATH : DMABUF_REC_REF_FILE,
	};
	if (is_path || !is_buffer)
		return is_path ? is_buffer : may_keep(facts, i);
	ref->type = DMABUF_REC_REF_FD;
	ref->key = number_at(&facts->privates, i);
	ref->ino = number_at(&facts->numbers, i);
	ref->refs = 1;
	return ref->key;
}

/* Adds the references of a table that @n tasks have. */
static void add_refs(struct search *search, const struct facts *facts,
		     const struct task *tasks, size_t n)
{
	struct dmabuf_rec_ref ref;
	size_t i, j;

	for (i = 0; i < facts->magics.n; i++) {
		if (!number_at(&facts->slots, i) || i >= facts->again.n ||
		    number_at(&facts->again, i) !=
			    number_at(&facts->slots, i) ||
		    !read_ref(facts, i, &ref))
			continue;
		for (j = 0; j < n; j++) {
			ref.table = tasks[j].files;
			ref.pid = tasks[j].pid;
			ref.tid = tasks[j].tid;
			memcpy(ref.comm, tasks[j].comm, sizeof(ref.comm));
			fail(search, vec_push(&search->snapshot->refs, &ref));
		}
	}
}

static void facts_fini(struct facts *facts)
{
	vec_fini(&facts->slots);
	vec_fini(&facts->modes);
	vec_fini(&facts->privates);
	vec_fini(&facts->inodes);
	vec_fini(&facts->kinds);
	vec_fini(&facts->numbers);
	vec_fini(&facts->sbs);
	vec_fini(&facts->magics);
	vec_fini(&facts->again);
}

static void read_tables(struct search *search)
{
	_cleanup_(facts_fini) struct facts facts = {
		.slots = VEC_OF(uint64_t),
		.modes = VEC_OF(uint32_t),
		.privates = VEC_OF(uint64_t),
		.inodes = VEC_OF(uint64_t),
		.kinds = VEC_OF(uint16_t),
		.numbers = VEC_OF(uint64_t),
		.sbs = VEC_OF(uint64_t),
		.magics = VEC_OF(uint64_t),
		.again = VEC_OF(uint64_t),
	};
	const struct task *task = search->owners.data,
			  *end = task + search->owners.n;
	size_t n;

	for (; task < end && !search->error; task += n) {
		for (n = 1; task + n < end && task[n].files == task->files; n++)
			;
		read_slots(search, task->files, &facts.slots);
		read_facts(search, &facts);
		read_slots(search, task->files, &facts.again);
		add_refs(search, &facts, task, n);
		fail(search, memory_error(search->memory));
	}
}

static int check(struct search *search)
{
	struct dmabuf_ctx *ctx = search->ctx;
	enum kernel_field missing;
	int r;

	if (!pid_namespace_is_initial(&ctx->sysroot))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "tasks can only be read from the initial PID "
				 "namespace");
	r = memory_open(ctx, &search->memory)
		    ?: layout_read_64(ctx, &search->layout);
	if (r)
		return r;
	missing = layout_first_missing(&search->layout, needs);
	if (missing != FIELDS)
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "the types have no %s of %s",
				 layout_member(missing), layout_type(missing));
	return 0;
}

int task_tables_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	struct search search = {
		.ctx = ctx,
		.snapshot = snapshot,
		.tasks = VEC_OF(uint64_t),
		.owners = VEC_OF(struct task),
	};
	int r = check(&search);

	if (r)
		return r;
	find_processes(&search);
	find_threads(&search);
	find_owners(&search);
	read_tables(&search);
	vec_fini(&search.tasks);
	vec_fini(&search.owners);
	return search.error;
}
