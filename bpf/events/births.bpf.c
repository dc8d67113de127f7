// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes who makes each buffer, until it is freed. The maps and the links are
 * pinned: no process needs to stay.
 */
#include "common/task.bpf.h"
#include <bpf/bpf_tracing.h>
#include "abi/births.h"

char LICENSE[] SEC("license") = "GPL";

/* An error that is returned as a pointer is one of the last addresses. */
#define MAX_ERRNO 4095
#define EEXIST	  17

struct dentry {
	void *d_fsdata;
} core;

struct dma_buf_export_info {
	const char *exp_name;
} core;

/* Since v5.12: a program is not run on a CPU on which it is "active". */
struct bpf_prog {
	const void *active;
} core;

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *map, *key, *value;
} core;

/* Set by the loader: what calls the programs, an enum track_way. */
const volatile u32 way;

/* The same: how many frames of each stack are kept. */
const volatile u32 depth, own_frames;

/* The same: the exporters whose births are wanted. */
const volatile struct track_glob glob;

/*
 * Memory is taken as births come: most systems have few buffers. The loader
 * makes the values of both maps larger, for stacks.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__uint(key_size, sizeof(u64));
	__uint(value_size, sizeof(struct birth));
} births SEC(".maps");

/*
 * Where births are put together, since stacks are too large for that of BPF.
 * Each program has one for each CPU, on which it is not interrupted by itself.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct birth));
} drafts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct track_state);
} state SEC(".maps");

/*
 * What the first program of two saw, and the last one did not yet: inode
 * numbers of buffers of other exporters; with kprobes, threads that make a
 * buffer which is wanted. What stays, because the last program was skipped, is
 * never mistaken: a buffer's number does not come again soon, and a thread's is
 * written anew. The loader makes it larger if there are two programs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, u64);
} passing SEC(".maps");

static __always_inline struct track_state *get_state(void)
{
	u32 first = 0;

	return bpf_map_lookup_elem(&state, &first);
}

/* What there is no room for is cut; user_bytes may be short for that reason. */
static __always_inline void fill_stacks(void *ctx, struct birth *birth)
{
	const u32 kernel = (depth + BIRTH_OWN_FRAMES) * BIRTH_KERNEL_FRAME;
	void *frames = birth + 1;

	birth->kernel_bytes = bpf_get_stack(
		ctx, frames, (depth + own_frames) * BIRTH_KERNEL_FRAME, 0);
	birth->user_bytes =
		bpf_get_stack(ctx, frames + kernel, depth * BIRTH_USER_FRAME,
			      BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
}

/* The process's name is that of its first thread, which is mostly this one. */
static __always_inline void fill_comm(struct birth *birth, u64 pid)
{
	struct task_struct *task;

	if (pid >> 32 == (u32)pid) {
		bpf_get_current_comm(birth->comm, sizeof(birth->comm));
		return;
	}
	task = (void *)bpf_get_current_task();
	BPF_CORE_READ_STR_INTO(&birth->comm, task, group_leader, comm);
}

static __always_inline void fill_birth(void *ctx, struct birth *birth, u64 ino)
{
	u64 pid = bpf_get_current_pid_tgid();

	*birth = (struct birth){
		.ino = ino,
		.time_ns = bpf_ktime_get_boot_ns(),
		.cgroup = bpf_get_current_cgroup_id(),
		.pid = pid >> 32,
		.tid = pid,
		.uid = bpf_get_current_uid_gid(),
	};
	fill_comm(birth, pid);
	if (depth)
		fill_stacks(ctx, birth);
}

/* Whether births of an exporter are wanted. @at: address of its name */
static __always_inline bool is_wanted(const char *at)
{
	char name[sizeof(((struct dmabuf_rec_buffer *)0)->exporter)] = {};
	u64 places = 1;
	u32 i;

	if (!glob.end)
		return true;
	bpf_probe_read_kernel_str(name, sizeof(name), at);
#pragma clang loop unroll(disable)
	for (i = 0; i < sizeof(name) && name[i]; i++)
		places = (places << 1 & glob.next[(__u8)name[i]]) |
			 (places & glob.stay);
	return places & glob.end;
}

/*
 * Counts a buffer that is not wanted once. What only the last program saw, the
 * first one was skipped for: then it is not lost. If the first one finds no
 * room to say that it saw a buffer, it takes back what the last one will count.
 */
static __always_inline int pass_by(struct track_state *counts, u64 ino,
				   bool last)
{
	bool two = way == TRACK_TRAMPOLINES;

	if (last && !bpf_map_delete_elem(&passing, &ino))
		return 0;
	if (last) {
		__sync_fetch_and_add(&counts->late, 1);
	} else if (two && bpf_map_update_elem(&passing, &ino, &ino, BPF_ANY)) {
		__sync_fetch_and_add(&counts->late, -1);
		return 0;
	}
	__sync_fetch_and_add(&counts->others, 1);
	return 0;
}

/*
 * There is another birth at the address of a buffer that was freed when the
 * kernel skipped what forgets. It is not looked for before: that takes as long
 * as to add one.
 */
static __always_inline int keep(struct track_state *counts, u64 key,
				const struct birth *birth)
{
	int r = bpf_map_update_elem(&births, &key, birth, BPF_NOEXIST);

	if (r != -EEXIST)
		return r;
	r = bpf_map_update_elem(&births, &key, birth, BPF_ANY);
	if (!r)
		__sync_fetch_and_add(&counts->gone, 1);
	return r;
}

/* Whether the first program has noted a buffer. */
static __always_inline bool is_known(u64 key, u64 ino)
{
	struct birth *known = bpf_map_lookup_elem(&births, &key);

	return known && known->ino == ino;
}

/*
 * Called before anybody else has the new buffer. @exporter: address of its
 * exporter's name. @last: by the last program of two.
 */
static __always_inline int note(void *ctx, struct dma_buf *db, u64 ino,
				const char *exporter, bool last)
{
	struct track_state *counts = get_state();
	u64 key = (u64)db;
	struct birth *birth;
	u32 draft = last;

	if (!counts || (last && is_known(key, ino)))
		return 0;
	if (!is_wanted(exporter))
		return pass_by(counts, ino, last);
	if (last)
		__sync_fetch_and_add(&counts->late, 1);
	birth = bpf_map_lookup_elem(&drafts, &draft);
	if (!birth)
		return 0;
	fill_birth(ctx, birth, ino);
	if (keep(counts, key, birth))
		__sync_fetch_and_add(last ? &counts->lost : &counts->full, 1);
	else
		__sync_fetch_and_add(&counts->noted, 1);
	return 0;
}

/* The memory of the buffer goes now, and its address may be another's soon. */
static __always_inline int forget(const void *buffer)
{
	struct track_state *counts;
	u64 key = (u64)buffer;

	if (bpf_map_delete_elem(&births, &key))
		return 0;
	counts = get_state();
	if (counts)
		__sync_fetch_and_add(&counts->gone, 1);
	return 0;
}

/*
 * Set by the loader: where the kernel's struct pt_regs has the first argument
 * of a function, and its result.
 */
const volatile u32 first_argument, result;

static __always_inline void *read_register(const void *registers, u32 at)
{
	void *value = NULL;

	bpf_probe_read_kernel(&value, sizeof(value), registers + at);
	return value;
}

/*
 * Since v5.12, a program does not run on a CPU on which it is running already:
 * while a task is in it and waits for the CPU, those of others are skipped.
 * That does not happen to a kprobe, in which no task waits. So a trampoline is
 * for kernels where there is no kprobe, or it may not use the map.
 *
 * A kprobe is skipped while a task that reads a map waits for the CPU. Then a
 * birth stays behind. Nobody mistakes it, since no other buffer has its inode
 * number, and the next buffer at its address takes its place.
 */
SEC("fentry/dma_buf_release")
int BPF_PROG(forget_birth, struct dentry *dentry)
{
	return forget(dentry->d_fsdata);
}

SEC("kprobe/dma_buf_release")
int forget_probed(void *registers)
{
	struct dentry *dentry = read_register(registers, first_argument);

	return forget(BPF_CORE_READ(dentry, d_fsdata));
}

/*
 * Since v7.0, and on kernels with the patches of kernel/. The lock of the
 * buffer's name is held, so that no task waits for the CPU in this program,
 * except with PREEMPT_RT.
 */
SEC("tp_btf/dma_buf_export")
int BPF_PROG(note_made, struct dma_buf *db)
{
	return note(ctx, db, db->file->f_inode->i_ino, db->exp_name, false);
}

/*
 * Two for kernels without the tracepoint, since a program may be skipped. Who
 * reads the births asks the kernel how often note_birth was: what it has not
 * noted, note_missed has seen, or nobody. The kernel first runs what was
 * attached last, and that is what comes last here.
 */
SEC("fexit/dma_buf_export")
int BPF_PROG(note_missed, const void *info, struct dma_buf *db)
{
	if ((u64)db >= (u64)-MAX_ERRNO)
		return 0;
	return note(ctx, db, db->file->f_inode->i_ino, db->exp_name, true);
}

SEC("fexit/dma_buf_export")
int BPF_PROG(note_birth, const void *info, struct dma_buf *db)
{
	if ((u64)db >= (u64)-MAX_ERRNO)
		return 0;
	return note(ctx, db, db->file->f_inode->i_ino, db->exp_name, false);
}

/*
 * For kernels that cannot attach fexit programs. A kretprobe sees only so many
 * tasks at a time in a function, and not each kernel tells how often it has
 * missed one. So a buffer counts as lost from here on, until it is noted. One
 * that is not wanted does not.
 */
SEC("kprobe/dma_buf_export")
int begin_birth(void *registers)
{
	struct dma_buf_export_info *info =
		read_register(registers, first_argument);
	u64 thread = bpf_get_current_pid_tgid();
	struct track_state *counts = get_state();

	if (!is_wanted(BPF_CORE_READ(info, exp_name))) {
		bpf_map_delete_elem(&passing, &thread);
		return 0;
	}
	bpf_map_update_elem(&passing, &thread, &thread, BPF_ANY);
	if (counts)
		__sync_fetch_and_add(&counts->lost, 1);
	return 0;
}

SEC("kretprobe/dma_buf_export")
int note_returned(void *registers)
{
	struct dma_buf *db = read_register(registers, result);
	u64 thread = bpf_get_current_pid_tgid();
	struct track_state *counts = get_state();

	if (counts && (u64)db < (u64)-MAX_ERRNO)
		note(registers, db, BPF_CORE_READ(db, file, f_inode, i_ino),
		     BPF_CORE_READ(db, exp_name), false);
	if (counts && !bpf_map_delete_elem(&passing, &thread))
		__sync_fetch_and_add(&counts->lost, -1);
	return 0;
}

/*
 * Whether the kernel may have skipped the first program. With PREEMPT_RT, a
 * lock has an owner, which may wait for the CPU.
 */
static __always_inline bool may_skip(void)
{
	struct bpf_prog *program = NULL;
	struct dma_buf *db = NULL;

	if (way == TRACK_TRACEPOINT)
		return bpf_core_field_exists(db->name_lock.lock.owner);
	return way == TRACK_TRAMPOLINES &&
	       bpf_core_field_exists(program->active);
}

/* How often the kernel skipped the first program is only told to who may ask.
 */
static __always_inline u64 count_lost(const struct track_state *counts)
{
	return may_skip() ? DMABUF_REC_LOST_UNKNOWN
			  : counts->lost + counts->full - counts->late;
}

/* What follows the births. */
static __always_inline int emit_track(struct seq_file *seq,
				      const struct track_state *counts)
{
	struct dmabuf_rec_track rec = {
		.head = { DMABUF_REC_TRACK, sizeof(rec) },
	};

	rec.since_ns = bpf_ktime_get_boot_ns() - counts->since_ns;
	rec.lost = count_lost(counts);
	__builtin_memcpy(rec.exporter, counts->exporter, sizeof(rec.exporter));
	bpf_seq_write(seq, &rec, sizeof(rec));
	return 0;
}

/*
 * For readers without capabilities: no address and no stack. Time passes while
 * they read, and their clock may have an offset: in place of an age, a record
 * has how long after the beginning the birth was. The kernel numbers processes
 * for the first PID namespace alone.
 */
SEC("iter/bpf_map_elem")
int read_births(struct bpf_iter__bpf_map_elem *ctx)
{
	struct dmabuf_rec_birth rec = {
		.head = { DMABUF_REC_BIRTH, sizeof(rec) },
	};
	const struct birth *birth = ctx->value;
	struct track_state *counts = get_state();
	struct seq_file *seq = ctx->meta->seq;

	if (!counts)
		return 0;
	if (!birth)
		return emit_track(seq, counts);
	rec.ino = birth->ino;
	rec.age_ns = birth->time_ns - counts->since_ns;
	rec.cgroup = birth->cgroup;
	rec.uid = birth->uid;
	if (!reader_level()) {
		rec.pid = birth->pid;
		rec.tid = birth->tid;
	}
	__builtin_memcpy(rec.comm, birth->comm, sizeof(rec.comm));
	bpf_seq_write(seq, &rec, sizeof(rec));
	return 0;
}
