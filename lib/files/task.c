// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/task.h"

enum { PIDTYPE_TGID = 1 };

static const enum kernel_field needs[] = {
	FIELD_task_struct_comm,
	FIELD_task_struct_group_leader,
	FIELD_task_struct_signal,
	FIELD_task_struct_thread_pid,
	FIELD_signal_struct_pids,
	FIELD_pid_level,
	FIELD_pid_numbers,
	FIELD_upid_SIZE,
	FIELD_upid_nr,
	FIELD_upid_ns,
	FIELDS,
};

/* Return: address of the number of a struct pid at a level. */
static uint64_t pid_number_at(struct reach *reach, uint64_t pid, uint32_t level)
{
	return pid + OFFSET(reach, pid, numbers) +
	       (uint64_t)level * OFFSET(reach, upid, SIZE);
}

/* Return: the number of a struct pid in the reader's namespace, or 0. */
static uint32_t pid_number(struct reach *reach, uint64_t pid)
{
	struct memory *m = reach->memory;
	const uint64_t reader =
		FOLLOW(reach, memory_reader(m), task_struct, thread_pid);
	const uint32_t level =
		memory_u32(m, reader + OFFSET(reach, pid, level));
	const uint64_t own = pid_number_at(reach, reader, level),
		       other = pid_number_at(reach, pid, level);

	if (memory_u32(m, pid + OFFSET(reach, pid, level)) < level ||
	    FOLLOW(reach, own, upid, ns) != FOLLOW(reach, other, upid, ns))
		return 0;
	return memory_u32(m, other + OFFSET(reach, upid, nr));
}

void task_name(struct reach *reach, uint64_t task, struct dmabuf_rec_ref *ref)
{
	uint64_t signal, pid, leader;

	if (!task || !layout_has(&reach->layout, needs))
		return;
	signal = FOLLOW(reach, task, task_struct, signal);
	pid = reach_follow(reach, signal,
			   OFFSET(reach, signal_struct, pids) +
				   PIDTYPE_TGID * sizeof(pid));
	leader = FOLLOW(reach, task, task_struct, group_leader);
	ref->pid = ref->tid = pid ? pid_number(reach, pid) : 0;
	if (!ref->pid || !leader)
		return;
	memory_read(reach->memory, leader + OFFSET(reach, task_struct, comm),
		    ref->comm, sizeof(ref->comm));
	ref->comm[sizeof(ref->comm) - 1] = 0;
}
