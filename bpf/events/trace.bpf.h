/* SPDX-License-Identifier: GPL-2.0-only */
/* How an event becomes a record in the ring. */
#ifndef EVENTS_TRACE_BPF_H
#define EVENTS_TRACE_BPF_H

#include "common/task.bpf.h"
#include "common/read_buffer.bpf.h"
#include "abi/trace.h"

/* One ring, so that events are in the order in which they got their place. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, TRACE_RING);
} ring SEC(".maps");

/*
 * Inode numbers of buffers between the release of their file and their own: a
 * dentry that is released does not have its inode any more. Descriptors opened
 * with O_PATH can make that take long.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, u64);
} closing SEC(".maps");

/* Set by the loader: events of other processes, or of less, are not told. */
const volatile u32 only_pid;
const volatile u64 min_size;

/*
 * The same: how many bytes of the stacks of the kernel and of user space a
 * record has behind it, and of how much of the ring the reader is told.
 */
const volatile u32 kernel_room, user_room, wake_at = TRACE_RING / 4;

/* How many events found no room in the ring. */
u64 no_room;

/* An event before it has a record. */
struct event {
	u32 kind;
	struct dma_buf *db;
	u64 ino;
	int fd;
	struct device *device; /* or NULL */
	bool locked; /* the lock of the name is held for this program */
};

static __always_inline u64 ino_of(struct dma_buf *db)
{
	return BPF_CORE_READ(db, file, f_inode, i_ino);
}

static __always_inline void tell_name(struct trace_record *rec,
				      const struct event *event)
{
	struct dma_buf *db = event->db;
	const char *name = BPF_CORE_READ(db, name);

	rec->have = 0;
	__builtin_memset(rec->name, 0, sizeof(rec->name));
	if (name)
		bpf_probe_read_kernel_str(rec->name, sizeof(rec->name), name);
	if (event->locked || !name || is_name_still(db, name, false))
		rec->have = DMABUF_HAVE_NAME;
}

static __always_inline void tell_task(struct trace_record *rec, u64 pid)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	rec->pid = pid >> 32;
	rec->tid = pid;
	BPF_CORE_READ_STR_INTO(&rec->comm, task, group_leader, comm);
}

static __always_inline void tell_device(struct trace_record *rec,
					struct device *device)
{
	rec->device[0] = 0;
	if (device)
		bpf_probe_read_kernel_str(rec->device, sizeof(rec->device),
					  compat_dev_name(device, false));
}

/*
 * To wake the reader for each event would cost more than all else: it looks now
 * and then, and is woken when a quarter of the ring waits for it.
 */
static __always_inline u64 wakeup(void)
{
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > wake_at
		       ? BPF_RB_FORCE_WAKEUP
		       : BPF_RB_NO_WAKEUP;
}

/* What there is no room for is cut. */
static __always_inline void tell_stacks(void *ctx, struct trace_record *rec)
{
	void *frames = rec + 1;

	rec->kernel_bytes = rec->user_bytes = 0;
	if (!kernel_room)
		return;
	rec->kernel_bytes = bpf_get_stack(ctx, frames, kernel_room, 0);
	rec->user_bytes = bpf_get_stack(ctx, frames + kernel_room, user_room,
					BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
}

static __always_inline int tell(void *ctx, const struct event *event)
{
	struct dma_buf *db = event->db;
	u64 pid = bpf_get_current_pid_tgid();
	u64 bytes = BPF_CORE_READ(db, size);
	struct trace_record *rec;

	if (bytes < min_size || (only_pid && pid >> 32 != only_pid))
		return 0;
	rec = bpf_ringbuf_reserve(&ring, sizeof(*rec) + kernel_room + user_room,
				  0);
	if (!rec) {
		__sync_fetch_and_add(&no_room, 1);
		return 0;
	}
	rec->no_room = no_room;
	rec->time_ns = bpf_ktime_get_boot_ns();
	rec->key = (u64)db;
	rec->ino = event->ino;
	rec->bytes = bytes;
	rec->kind = event->kind;
	rec->fd = event->fd;
	tell_task(rec, pid);
	tell_name(rec, event);
	bpf_probe_read_kernel_str(rec->exporter, sizeof(rec->exporter),
				  BPF_CORE_READ(db, exp_name));
	tell_device(rec, event->device);
	tell_stacks(ctx, rec);
	bpf_ringbuf_submit(rec, wakeup());
	return 0;
}

#endif
