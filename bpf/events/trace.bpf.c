// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells what happens to buffers. For each kind of event there are programs for
 * several kinds of hook; lib/trace/hooks.c chooses.
 *
 * A name ends in the hook: _tp is one of mainline's tracepoints, _fn a
 * trampoline, _kp a kprobe at the end of a function, or at its begin when
 * nothing is awaited from the function, _in one at the begin for that.
 */
#include "events/trace.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* An error that is returned as a pointer is one of the last addresses. */
#define MAX_ERRNO 4095

/* Both forms of DMA_BUF_SET_NAME; their argument has 4 or 8 bytes. */
#define SET_NAME_A 0x40046201
#define SET_NAME_B 0x40086201

struct dentry {
	void *d_fsdata;
} core;

static __always_inline bool is_error(const void *pointer)
{
	return hide((u64)pointer) >= (u64)-MAX_ERRNO;
}

/* @device: NULL when @kind is not of an attachment */
static __always_inline int tell_buffer(void *ctx, u32 kind, struct dma_buf *db,
				       struct device *device, bool locked)
{
	const struct event event = {
		.kind = kind,
		.db = db,
		.ino = ino_of(db),
		.fd = -1,
		.device = device,
		.locked = locked,
	};

	return tell(ctx, &event);
}

/* Any file may get a descriptor. */
static __always_inline int tell_fd(void *ctx, int fd, struct file *file)
{
	struct inode___kind *inode = (void *)BPF_CORE_READ(file, f_inode);
	struct event event = {
		.kind = TRACE_FD,
		.fd = fd,
	};

	if (BPF_CORE_READ(inode, i_sb, s_magic) != DMA_BUF_MAGIC)
		return 0;
	event.db = BPF_CORE_READ(file, private_data);
	event.ino = ino_of(event.db);
	return tell(ctx, &event);
}

static __always_inline int tell_made(void *ctx, struct dma_buf *db)
{
	return is_error(db) ? 0 : tell_buffer(ctx, TRACE_MADE, db, NULL, false);
}

static __always_inline int tell_attached(void *ctx,
					 struct dma_buf_attachment *att)
{
	if (is_error(att))
		return 0;
	return tell_buffer(ctx, TRACE_ATTACHED, BPF_CORE_READ(att, dmabuf),
			   BPF_CORE_READ(att, dev), false);
}

static __always_inline int tell_detached(void *ctx, struct dma_buf *db,
					 struct dma_buf_attachment *att)
{
	/* The kernel warns, and does nothing else. */
	if (!att || BPF_CORE_READ(att, dmabuf) != db)
		return 0;
	return tell_buffer(ctx, TRACE_DETACHED, db, BPF_CORE_READ(att, dev),
			   false);
}

static __always_inline int tell_mapped(void *ctx, struct dma_buf *db, int err)
{
	return err ? 0 : tell_buffer(ctx, TRACE_MAPPED, db, NULL, false);
}

static __always_inline bool is_set_name(u32 command)
{
	return command == SET_NAME_A || command == SET_NAME_B;
}

static __always_inline int tell_renamed(void *ctx, struct file *file, long err)
{
	return err ? 0
		   : tell_buffer(ctx, TRACE_RENAMED,
				 BPF_CORE_READ(file, private_data), NULL,
				 false);
}

/* The file goes, and its inode; the buffer may stay for a while. */
static __always_inline int keep_ino(struct file *file)
{
	u64 key = (u64)BPF_CORE_READ(file, private_data);
	u64 ino = BPF_CORE_READ(file, f_inode, i_ino);

	bpf_map_update_elem(&closing, &key, &ino, BPF_ANY);
	return 0;
}

static __always_inline int tell_freed(void *ctx, struct dentry *dentry)
{
	u64 key = (u64)BPF_CORE_READ(dentry, d_fsdata), *ino;
	struct event event = {
		.kind = TRACE_FREED,
		.db = (void *)key,
		.fd = -1,
	};

	if (!key)
		return 0;
	ino = bpf_map_lookup_elem(&closing, &key);
	if (ino)
		event.ino = *ino;
	bpf_map_delete_elem(&closing, &key);
	return tell(ctx, &event);
}

/*
 * Tracepoints: since v7.0, and on kernels with the patches of kernel/. They are
 * called with the lock of the name, so that a task is not preempted in these
 * programs. Those of mappings come before it is known whether there will be
 * one, and that of descriptors tells only of those that drivers make.
 */
SEC("tp_btf/dma_buf_export")
int BPF_PROG(made_tp, struct dma_buf *db)
{
	return tell_buffer(ctx, TRACE_MADE, db, NULL, true);
}

SEC("tp_btf/dma_buf_dynamic_attach")
int BPF_PROG(attached_tp, struct dma_buf *db, struct dma_buf_attachment *att)
{
	return tell_buffer(ctx, TRACE_ATTACHED, db, BPF_CORE_READ(att, dev),
			   true);
}

SEC("tp_btf/dma_buf_detach")
int BPF_PROG(detached_tp, struct dma_buf *db, struct dma_buf_attachment *att)
{
	return tell_buffer(ctx, TRACE_DETACHED, db, BPF_CORE_READ(att, dev),
			   true);
}

SEC("fexit/dma_buf_export")
int BPF_PROG(made_fn, const void *info, struct dma_buf *db)
{
	return tell_made(ctx, db);
}

/*
 * Before others can use the descriptor, or close it. Drivers of some kernels do
 * not call dma_buf_fd(), such as the heaps of v6.12.118.
 */
SEC("fentry/fd_install")
int BPF_PROG(fd_fn, unsigned int fd, struct file *file)
{
	return tell_fd(ctx, fd, file);
}

SEC("fexit/dma_buf_dynamic_attach")
int BPF_PROG(attached_fn, struct dma_buf *db, const void *device,
	     const void *ops, const void *data, struct dma_buf_attachment *att)
{
	return tell_attached(ctx, att);
}

SEC("fentry/dma_buf_detach")
int BPF_PROG(detached_fn, struct dma_buf *db, struct dma_buf_attachment *att)
{
	return tell_detached(ctx, db, att);
}

SEC("fexit/dma_buf_mmap_internal")
int BPF_PROG(mapped_fn, struct file *file, const void *vma, int err)
{
	return tell_mapped(ctx, BPF_CORE_READ(file, private_data), err);
}

/* Of a driver that maps a buffer for its own file. */
SEC("fexit/dma_buf_mmap")
int BPF_PROG(mapped_by_driver_fn, struct dma_buf *db, const void *vma,
	     unsigned long offset, int err)
{
	return tell_mapped(ctx, db, err);
}

/* The compiler may have put dma_buf_set_name() into this one. */
SEC("fexit/dma_buf_ioctl")
int BPF_PROG(renamed_fn, struct file *file, u32 command, unsigned long argument,
	     long err)
{
	return is_set_name(command) ? tell_renamed(ctx, file, err) : 0;
}

SEC("fentry/dma_buf_file_release")
int BPF_PROG(closing_fn, const void *inode, struct file *file)
{
	return keep_ino(file);
}

SEC("fentry/dma_buf_release")
int BPF_PROG(freed_fn, struct dentry *dentry)
{
	return tell_freed(ctx, dentry);
}

/* Set by the loader: where registers have arguments, and what is returned. */
const volatile u32 argument_at[3], result_at;

static __always_inline u64 read_register(void *registers, u32 at)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), registers + at);
	return value;
}

#define ARGUMENT(registers, n) read_register(registers, argument_at[n])
#define RESULT(registers)      read_register(registers, result_at)

enum function {
	IN_EXPORT,
	IN_ATTACH,
	IN_MMAP,
	IN_MMAP_DRIVER,
	IN_IOCTL,
};

struct call {
	u64 task;
	u64 function;
};

/* Calls that have not returned, with the argument that is needed then. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct call);
	__type(value, u64);
} calls SEC(".maps");

/*
 * The kernel awaits the return of so many calls at a time, and does not say how
 * many others there were: the first two tell at the end. Meanwhile, a task that
 * calls once more has returned, and that was not seen: the third one counts.
 */
u64 entered, returned, missed;

static __always_inline int enter(u64 function, u64 argument)
{
	struct call call = { bpf_get_current_pid_tgid(), function };

	__sync_fetch_and_add(&entered, 1);
	if (!bpf_map_update_elem(&calls, &call, &argument, BPF_NOEXIST))
		return 0;
	__sync_fetch_and_add(&missed, 1);
	bpf_map_update_elem(&calls, &call, &argument, BPF_EXIST);
	return 0;
}

/* Return: the argument, 0 when the begin of the call was not seen. */
static __always_inline u64 leave(u64 function)
{
	struct call call = { bpf_get_current_pid_tgid(), function };
	u64 *known = bpf_map_lookup_elem(&calls, &call);
	u64 argument = known ? *known : 0;

	if (known) {
		__sync_fetch_and_add(&returned, 1);
		bpf_map_delete_elem(&calls, &call);
	}
	return argument;
}

#define DEFINE_IN(name, function, n, target)                                   \
	SEC("kprobe/" target) int name(void *registers)                        \
	{                                                                      \
		return enter(function, ARGUMENT(registers, n));                \
	}

DEFINE_IN(made_in, IN_EXPORT, 0, "dma_buf_export")
DEFINE_IN(attached_in, IN_ATTACH, 0, "dma_buf_dynamic_attach")
DEFINE_IN(mapped_in, IN_MMAP, 0, "dma_buf_mmap_internal")
DEFINE_IN(mapped_by_driver_in, IN_MMAP_DRIVER, 0, "dma_buf_mmap")

SEC("kprobe/dma_buf_ioctl")
int renamed_in(void *registers)
{
	if (!is_set_name(ARGUMENT(registers, 1)))
		return 0;
	return enter(IN_IOCTL, ARGUMENT(registers, 0));
}

SEC("kretprobe/dma_buf_export")
int made_kp(void *registers)
{
	return leave(IN_EXPORT)
		       ? tell_made(registers, (void *)RESULT(registers))
		       : 0;
}

SEC("kprobe/fd_install")
int fd_kp(void *registers)
{
	return tell_fd(registers, ARGUMENT(registers, 0),
		       (void *)ARGUMENT(registers, 1));
}

SEC("kretprobe/dma_buf_dynamic_attach")
int attached_kp(void *registers)
{
	return leave(IN_ATTACH)
		       ? tell_attached(registers, (void *)RESULT(registers))
		       : 0;
}

SEC("kprobe/dma_buf_detach")
int detached_kp(void *registers)
{
	return tell_detached(registers, (void *)ARGUMENT(registers, 0),
			     (void *)ARGUMENT(registers, 1));
}

SEC("kretprobe/dma_buf_mmap_internal")
int mapped_kp(void *registers)
{
	struct file *file = (void *)leave(IN_MMAP);

	return file ? tell_mapped(registers, BPF_CORE_READ(file, private_data),
				  RESULT(registers))
		    : 0;
}

SEC("kretprobe/dma_buf_mmap")
int mapped_by_driver_kp(void *registers)
{
	struct dma_buf *db = (void *)leave(IN_MMAP_DRIVER);

	return db ? tell_mapped(registers, db, RESULT(registers)) : 0;
}

SEC("kretprobe/dma_buf_ioctl")
int renamed_kp(void *registers)
{
	struct file *file = (void *)leave(IN_IOCTL);

	return file ? tell_renamed(registers, file, RESULT(registers)) : 0;
}

SEC("kprobe/dma_buf_file_release")
int closing_kp(void *registers)
{
	return keep_ino((void *)ARGUMENT(registers, 1));
}

SEC("kprobe/dma_buf_release")
int freed_kp(void *registers)
{
	return tell_freed(registers, (void *)ARGUMENT(registers, 0));
}
