/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libdmabuf: every dma-buf of a running kernel.
 *
 * A context says where to look. A collector is one way to look. A snapshot is
 * the result: buffers, their attachments, their holders, and gaps.
 *
 * Functions return 0 or a negative errno; results come last, as @ret, and are
 * untouched on failure. dmabuf_ctx_error() then has the reason and a hint. A
 * function that returns a pointer sets errno when NULL is an answer that is not
 * known, and else leaves errno as it is, like readdir(3). The
 * library never prints, never exits and keeps no globals. A context is for one
 * thread at a time; a snapshot may be read by any number of them. Every _free()
 * takes NULL.
 */
#ifndef DMABUF_DMABUF_H
#define DMABUF_DMABUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct dmabuf_ctx;
struct dmabuf_collector;
struct dmabuf_snapshot;
struct dmabuf_buffer;
struct dmabuf_attachment;
struct dmabuf_gap;
struct dmabuf_ref;
struct dmabuf_holder;
struct dmabuf_process;
struct dmabuf_keeper;
struct dmabuf_birth;
struct dmabuf_frame;

/**
 * struct dmabuf_error - why something failed
 * @err: negative errno, 0 when nothing has failed yet
 * @text: what failed and why, one line without a newline
 * @hint: what to do about it, one line, empty when not known
 */
struct dmabuf_error {
	int err;
	char text[256];
	char hint[192];
};

/**
 * struct dmabuf_ctx_opts - options of a context
 * @size: sizeof(struct dmabuf_ctx_opts)
 * @sysroot: folder of a recorded tree to read instead of the running system;
 *	NULL means the running system
 * @btf: file with the types of the running kernel, for one that does not have
 *	them itself: BTF, or an ELF file with a section of BTF. NULL means those
 *	of the kernel, or else of the files in which libbpf looks for them
 */
struct dmabuf_ctx_opts {
	size_t size;
	const char *sysroot;
	const char *btf;
};

/**
 * dmabuf_ctx_new() - make a context
 * @opts: options, or NULL for the defaults
 * @ret: the new context
 *
 * Ownership: the caller frees @ret with dmabuf_ctx_free(); strings of @opts
 * are copied.
 *
 * Context: Any thread. Touches nothing but memory.
 * Return: 0, or
 * * %-EINVAL - @opts is of another version of the library, and sets an option
 *   that this one does not know
 * * %-ENOMEM - out of memory
 */
int dmabuf_ctx_new(const struct dmabuf_ctx_opts *opts, struct dmabuf_ctx **ret);

/**
 * dmabuf_ctx_free() - free a context
 * @ctx: the context, or NULL
 *
 * Ownership: @ctx is gone; snapshots taken with it live on.
 *
 * Context: No other thread uses @ctx.
 */
void dmabuf_ctx_free(struct dmabuf_ctx *ctx);

/**
 * dmabuf_ctx_error() - tell why the last call failed
 * @ctx: the context that call was given
 *
 * Ownership: the result is part of @ctx and valid until the next call with it.
 *
 * Context: Any thread that may use @ctx.
 * Return: the reason; never NULL.
 */
const struct dmabuf_error *dmabuf_ctx_error(const struct dmabuf_ctx *ctx);

/*
 * What a collector may know; bits of dmabuf_collector_gives(). A collector
 * without sizes finds only holders of buffers that another one found.
 */
enum dmabuf_gives {
	DMABUF_GIVES_ADDRESS = 1 << 0,
	DMABUF_GIVES_INO = 1 << 1,
	DMABUF_GIVES_SIZE = 1 << 2,
	DMABUF_GIVES_REFS = 1 << 3,
	DMABUF_GIVES_ATTACHMENTS = 1 << 4,
	DMABUF_GIVES_NAME = 1 << 5,
	DMABUF_GIVES_EXPORTER = 1 << 6,
	DMABUF_GIVES_HOLDERS = 1 << 7,
};

/**
 * dmabuf_collector_next() - go through the collectors
 * @prev: the one before, NULL for the first
 *
 * Ownership: collectors are constants of the library.
 * Shape: best first, which is the order they are tried in.
 *
 * Context: Any thread.
 * Return: the next collector, NULL after the last.
 */
const struct dmabuf_collector *dmabuf_collector_next(
	const struct dmabuf_collector *prev);

/**
 * dmabuf_collector_name() - name of a collector
 * @collector: the collector
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the name, as --collector and JSON have it.
 */
const char *dmabuf_collector_name(const struct dmabuf_collector *collector);

/**
 * dmabuf_collector_gives() - what a collector can know of a buffer
 * @collector: the collector
 *
 * Ownership: nothing is handed over.
 * Units: bits of enum dmabuf_gives.
 *
 * Context: Any thread.
 * Return: the bits.
 */
uint32_t dmabuf_collector_gives(const struct dmabuf_collector *collector);

/**
 * dmabuf_collector_misses() - what a collector cannot see
 * @collector: the collector
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: one line of text, empty when it misses nothing.
 */
const char *dmabuf_collector_misses(const struct dmabuf_collector *collector);

/**
 * dmabuf_collector_probe() - try whether a collector works here
 * @ctx: the context
 * @collector: the collector
 *
 * Really tries it: version numbers are unreliable because of backports.
 *
 * Ownership: nothing is handed over.
 *
 * Context: May load BPF programs and read an iterator.
 * Return: 0 when it works, where dmabuf_ctx_error() may have a remark, or, with
 * the reason there,
 * * %-ENODATA - it works, but this kernel truncates its answer
 * * %-EPERM, %-EACCES - it exists, but not for this user
 * * another negative errno - it does not work here
 */
int dmabuf_collector_probe(struct dmabuf_ctx *ctx,
			   const struct dmabuf_collector *collector);

/**
 * struct dmabuf_snapshot_opts - options of a snapshot
 * @size: sizeof(struct dmabuf_snapshot_opts)
 * @collector: name of the collector to use, for all that it gives; NULL means
 *	the best that work
 * @holders: whether to find holders too; if not, whatever depends on them is
 *	not known
 * @no_cgroups: whether to leave out the cgroups of the processes, which are
 *	read from a file for each process
 * @births: whether to read the births that dmabuf_track_on() had noted; when
 *	there are none, dmabuf_snapshot_births() says so
 */
struct dmabuf_snapshot_opts {
	size_t size;
	const char *collector;
	bool holders;
	bool no_cgroups;
	bool births;
};

/**
 * dmabuf_ctx_prepare() - load the BPF programs that snapshots may need
 * @ctx: the context
 * @opts: the options of these snapshots, or NULL for the defaults
 *
 * dmabuf_snapshot_take() loads each program when it needs it for the first
 * time. A process that takes many snapshots calls this once, and can then drop
 * all capabilities but these:
 *
 * * CAP_BPF - to run programs on kernels before 6.0
 * * CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH - for the files of other processes in
 *   /proc: holders on kernels before 5.12, cgroups, and the collector procfs
 *
 * A program that this kernel refuses is not an error: a snapshot has a gap, or
 * uses another collector.
 *
 * Ownership: the programs are the context's, until dmabuf_ctx_free().
 *
 * Context: Loads BPF programs. Needs CAP_BPF, CAP_PERFMON and, for the
 * collector list_walk, CAP_SYSLOG.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @opts is not understood, or names no collector
 * * %-ENOMEM - out of memory
 * * another negative errno - the programs of the collector that @opts asks for
 *   cannot be loaded
 */
int dmabuf_ctx_prepare(struct dmabuf_ctx *ctx,
		       const struct dmabuf_snapshot_opts *opts);

/**
 * dmabuf_snapshot_take() - record every dma-buf that is alive now
 * @ctx: the context
 * @opts: options, or NULL for the defaults
 * @ret: the new snapshot
 *
 * A buffer that exists during the whole call is in the snapshot. One that is
 * created or freed meanwhile may be. Whatever could not be seen is reported by
 * dmabuf_snapshot_next_gap().
 *
 * With holders, buffers are read before and after holders. Only buffers that
 * exist both times are kept.
 *
 * Ownership: the caller frees @ret with dmabuf_snapshot_free().
 * Shape: buffers sorted by inode number, each once.
 * Source: the first collector that works, see dmabuf_collector_next().
 *
 * Context: May load BPF programs. Holds no kernel lock for longer than a step
 * from one buffer to the next.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @opts is not understood, or names no collector
 * * %-EOPNOTSUPP - no collector works here
 * * %-EPERM, %-EACCES - one exists, but not for this user
 * * %-ENOMEM - out of memory
 * * another negative errno - the collector that @opts asks for failed
 */
int dmabuf_snapshot_take(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot_opts *opts,
			 struct dmabuf_snapshot **ret);

/**
 * dmabuf_snapshot_compare_memory() - find buffers of the same memory
 * @ctx: the context
 * @snapshot: a snapshot of the running kernel, just taken
 *
 * Any number of udmabufs can be made of the same pages of a memfd. The sum of
 * their sizes is then more than their memory. Compares the pages of udmabufs of
 * one size, and adds a gap for each memory that several have, with the buffers.
 * Other buffers have memory of their own, as has a udmabuf that has only a part
 * of its pages in common with another one: that is not searched for.
 *
 * Adds nothing if the collector does not know the addresses of buffers, see
 * %DMABUF_GIVES_ADDRESS.
 *
 * Ownership: @snapshot stays the caller's.
 *
 * Context: May load a BPF program, but only when there are two udmabufs of the
 * same size. No other thread uses @snapshot.
 * Return: 0, or %-ENOMEM with the reason in dmabuf_ctx_error()
 */
int dmabuf_snapshot_compare_memory(struct dmabuf_ctx *ctx,
				   struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_free() - free a snapshot
 * @snapshot: the snapshot, or NULL
 *
 * Ownership: @snapshot and all that was got from it are gone.
 *
 * Context: No other thread uses @snapshot.
 */
void dmabuf_snapshot_free(struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_kernel() - kernel release of a snapshot
 * @snapshot: the snapshot
 *
 * Ownership: the string is part of @snapshot.
 * Source: /proc/sys/kernel/osrelease, when the snapshot was taken.
 *
 * Context: Any thread.
 * Return: the release, empty when it is not known.
 */
const char *dmabuf_snapshot_kernel(const struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_collector() - collector that read the buffers
 * @snapshot: the snapshot
 *
 * Ownership: the string is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the collector's name.
 */
const char *dmabuf_snapshot_collector(const struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_time_ns() - when a snapshot was taken
 * @snapshot: the snapshot
 *
 * Ownership: nothing is handed over.
 * Units: nanoseconds since the epoch.
 * Source: CLOCK_REALTIME, before the first buffer was read.
 *
 * Context: Any thread.
 * Return: the time.
 */
uint64_t dmabuf_snapshot_time_ns(const struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_count() - how many buffers a snapshot has
 * @snapshot: the snapshot
 *
 * Ownership: nothing is handed over.
 * Units: buffers of dmabuf_snapshot_next(), without released ones.
 *
 * Context: Any thread.
 * Return: the number.
 */
size_t dmabuf_snapshot_count(const struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_snapshot_next() - go through the buffers
 * @snapshot: the snapshot
 * @prev: the one before, NULL for the first
 *
 * These are the buffers that the kernel lists.
 *
 * Ownership: the result is part of @snapshot.
 * Shape: sorted by inode number, each buffer once.
 *
 * Context: Any thread.
 * Return: the next buffer, NULL after the last.
 */
const struct dmabuf_buffer *dmabuf_snapshot_next(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev);

/**
 * dmabuf_snapshot_next_released() - go through the released buffers
 * @snapshot: the snapshot
 * @prev: the one before, NULL for the first
 *
 * The last reference to a released buffer is gone, and the kernel does not list
 * it any more. Its memory stays, because a descriptor that was opened with
 * O_PATH keeps the buffer's directory entry. Functions of buffers take a
 * released one as well. Its dmabuf_buffer_refs() are 0, and its holders are the
 * processes that have such a descriptor.
 *
 * Ownership: the result is part of @snapshot.
 * Shape: sorted by inode number, each buffer once.
 *
 * Context: Any thread.
 * Return: the next buffer, NULL after the last. There may be others unless
 * dmabuf_snapshot_searched() for %DMABUF_REF_PATH.
 */
const struct dmabuf_buffer *dmabuf_snapshot_next_released(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev);

/**
 * dmabuf_snapshot_births() - tell since when births are noted
 * @snapshot: the snapshot
 * @since_ns: how long before the snapshot it began
 * @lost: how many buffers were made when there was no room for their birth;
 *	%UINT64_MAX when this reader cannot know
 *
 * A buffer without a birth was made before, unless some are lost, or
 * dmabuf_buffer_birth_is_noted() says that it would have none.
 *
 * Ownership: nothing is handed over.
 * Units: nanoseconds that the system was up or suspended.
 * Source: what dmabuf_track_on() pinned.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when nothing notes births, this user may not read
 * them, or they were not asked for.
 */
int dmabuf_snapshot_births(const struct dmabuf_snapshot *snapshot,
			   uint64_t *since_ns, uint64_t *lost);

/**
 * dmabuf_snapshot_births_exporter() - tell whose buffers' births are noted
 * @snapshot: the snapshot
 *
 * Ownership: the snapshot keeps the text.
 * Source: what dmabuf_track_on() pinned.
 *
 * Context: Any thread.
 * Return: a pattern of exporters, as fnmatch(3) has it, or NULL when births of
 * all are noted, or of none.
 */
const char *dmabuf_snapshot_births_exporter(
	const struct dmabuf_snapshot *snapshot);

/**
 * dmabuf_buffer_birth_is_noted() - tell whether a buffer can have a birth
 * @snapshot: the snapshot
 * @buffer: one of its buffers
 *
 * Ownership: nothing is handed over.
 * Source: what dmabuf_track_on() pinned.
 *
 * Context: Any thread.
 * Return: whether births of its exporter are noted. Otherwise, nothing is known
 * of when it was made.
 */
bool dmabuf_buffer_birth_is_noted(const struct dmabuf_snapshot *snapshot,
				  const struct dmabuf_buffer *buffer);

/**
 * dmabuf_buffer_birth() - who made a buffer
 * @snapshot: the snapshot
 * @buffer: the buffer
 *
 * Ownership: the result is part of @snapshot.
 * Source: a BPF program at the kernel's dma_buf_export().
 *
 * Context: Any thread.
 * Return: its birth, or NULL when it is not known.
 */
const struct dmabuf_birth *dmabuf_buffer_birth(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer);

/**
 * dmabuf_birth_age_ns() - how long ago a buffer was made
 * @birth: its birth
 *
 * Ownership: nothing is handed over.
 * Units: nanoseconds of CLOCK_BOOTTIME before the snapshot.
 *
 * Context: Any thread.
 * Return: the age.
 */
uint64_t dmabuf_birth_age_ns(const struct dmabuf_birth *birth);

/**
 * dmabuf_birth_pid() - process that made a buffer
 * @birth: its birth
 * @ret: its ID, as the first PID namespace numbers it
 *
 * The process may have ended, and another one may have its ID by now.
 *
 * Ownership: nothing is handed over.
 * Units: a process ID of the first PID namespace.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the reader's PID namespace has other IDs.
 */
int dmabuf_birth_pid(const struct dmabuf_birth *birth, uint32_t *ret);

/**
 * dmabuf_birth_tid() - thread that made a buffer
 * @birth: its birth
 * @ret: its ID
 *
 * Ownership: nothing is handed over.
 * Units: a thread ID of the first PID namespace.
 *
 * Context: Any thread.
 * Return: as dmabuf_birth_pid().
 */
int dmabuf_birth_tid(const struct dmabuf_birth *birth, uint32_t *ret);

/**
 * dmabuf_birth_uid() - user that made a buffer
 * @birth: its birth
 *
 * Ownership: nothing is handed over.
 * Units: a user ID of the first user namespace.
 *
 * Context: Any thread.
 * Return: the ID.
 */
uint32_t dmabuf_birth_uid(const struct dmabuf_birth *birth);

/**
 * dmabuf_birth_comm() - name of the process that made a buffer
 * @birth: its birth
 *
 * Ownership: the string is part of the snapshot.
 *
 * Context: Any thread.
 * Return: its name then, which may have any bytes.
 */
const char *dmabuf_birth_comm(const struct dmabuf_birth *birth);

/**
 * dmabuf_birth_cgroup() - cgroup in which a buffer was made
 * @snapshot: the snapshot
 * @birth: its birth
 *
 * Ownership: the string is part of @snapshot.
 * Shape: a path below the root of the unified hierarchy.
 *
 * Context: Any thread.
 * Return: the path, NULL when it is not known, or the cgroup has gone since.
 */
const char *dmabuf_birth_cgroup(const struct dmabuf_snapshot *snapshot,
				const struct dmabuf_birth *birth);

/**
 * dmabuf_birth_stack() - number of the stacks from which a buffer was made
 * @birth: its birth
 * @ret: takes the number
 *
 * Births with the same number were made by the same calls. It stays the same in
 * later snapshots, unless two stacks would have the same number.
 *
 * Ownership: nothing is handed over.
 * Units: an identifier.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when no stack was noted.
 */
int dmabuf_birth_stack(const struct dmabuf_birth *birth, uint32_t *ret);

/**
 * dmabuf_birth_next_frame() - go through the calls that made a buffer
 * @snapshot: the snapshot of the birth
 * @birth: the birth
 * @prev: the one before, NULL for the first
 *
 * The kernel's frames come first, then those of user space; each is followed by
 * its caller. They have names after dmabuf_snapshot_name_frames().
 *
 * Ownership: the frame is part of @snapshot.
 * Shape: the innermost first, those of the kernel before those of user space.
 *
 * Context: Any thread.
 * Return: the next frame, or NULL at the end.
 */
const struct dmabuf_frame *dmabuf_birth_next_frame(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_birth *birth, const struct dmabuf_frame *prev);

/**
 * dmabuf_frame_is_user() - tell frames of user space from those of the kernel
 * @frame: the frame
 *
 * Ownership: nothing is handed over.
 *
 * Context: Any thread.
 * Return: whether it is one of user space.
 */
bool dmabuf_frame_is_user(const struct dmabuf_frame *frame);

/**
 * dmabuf_frame_is_cut() - whether there was no room for a frame's callers
 * @frame: the frame
 *
 * Ownership: nothing is handed over.
 *
 * Context: Any thread.
 * Return: whether callers are missing for want of room. They may also be
 * missing because a function was built without frame pointers.
 */
bool dmabuf_frame_is_cut(const struct dmabuf_frame *frame);

/**
 * dmabuf_frame_symbol() - name of a frame's function
 * @frame: the frame
 * @offset: takes where in the function the code goes on, in bytes
 *
 * Ownership: the string is part of the snapshot.
 * Units: bytes.
 *
 * Context: Any thread.
 * Return: the name, or NULL when it is not known.
 */
const char *dmabuf_frame_symbol(const struct dmabuf_frame *frame,
				uint64_t *offset);

/**
 * dmabuf_frame_file() - file that a frame's function is in
 * @frame: the frame
 *
 * Ownership: the string is part of the snapshot.
 * Shape: a path; for a frame of the kernel, the name of the module.
 *
 * Context: Any thread.
 * Return: the path, or NULL when it is not known, or the function is in the
 * kernel itself.
 */
const char *dmabuf_frame_file(const struct dmabuf_frame *frame);

/**
 * dmabuf_frame_build_id() - build ID of the file that a frame is in
 * @frame: the frame
 * @offset: takes where in the file the code goes on, in bytes
 *
 * Ownership: the build ID is part of the snapshot.
 * Units: bytes.
 * Shape: 20 bytes; a shorter build ID has zeros behind it.
 *
 * Context: Any thread.
 * Return: the build ID, or NULL when it is not known, or for a frame of the
 * kernel.
 */
const uint8_t *dmabuf_frame_build_id(const struct dmabuf_frame *frame,
				     uint64_t *offset);

/**
 * dmabuf_frame_address() - address of a frame of user space
 * @frame: the frame
 * @ret: takes the address in the process that made the buffer
 *
 * Ownership: nothing is handed over.
 * Units: an address.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the file is known instead, or for a frame of
 * the kernel.
 */
int dmabuf_frame_address(const struct dmabuf_frame *frame, uint64_t *ret);

/**
 * dmabuf_snapshot_name_frames() - find the functions of frames
 * @ctx: the context
 * @snapshot: the snapshot
 * @stacks: numbers of the stacks whose frames are wanted, as
 *	dmabuf_birth_stack() has them, in any order; NULL for all
 * @n: how many there are
 *
 * Asks the kernel for names of its own, or reads them in /proc/kallsyms before
 * v5.13. Reads files with the build IDs of frames: those that processes run
 * now, and those in the usual folders. A file is read in a
 * process of its own, which may fail. Frames that have names keep them.
 *
 * Ownership: nothing is handed over.
 *
 * Context: One thread per context. Needs CAP_BPF and CAP_PERFMON, or
 * CAP_SYSLOG for /proc/kallsyms, to name code of the kernel.
 * Return: 0, or %-ENOMEM with the reason in dmabuf_ctx_error(); names that
 * were not found are left out, and so are stacks that @snapshot does not have.
 */
int dmabuf_snapshot_name_frames(struct dmabuf_ctx *ctx,
				struct dmabuf_snapshot *snapshot,
				const uint32_t *stacks, size_t n);

/**
 * dmabuf_snapshot_next_gap() - go through what could not be seen
 * @snapshot: the snapshot
 * @prev: the one before, NULL for the first
 *
 * Ownership: the result is part of @snapshot.
 * Shape: in the order found; a snapshot without one is whole.
 *
 * Context: Any thread.
 * Return: the next gap, NULL after the last.
 */
const struct dmabuf_gap *dmabuf_snapshot_next_gap(
	const struct dmabuf_snapshot *snapshot, const struct dmabuf_gap *prev);

/**
 * dmabuf_gap_what() - what could not be seen
 * @gap: the gap
 *
 * Ownership: the string is part of the snapshot.
 *
 * Context: Any thread.
 * Return: a plural noun, such as "buffers".
 */
const char *dmabuf_gap_what(const struct dmabuf_gap *gap);

/**
 * dmabuf_gap_why() - why it could not be seen
 * @gap: the gap
 *
 * Ownership: the string is part of the snapshot.
 *
 * Context: Any thread.
 * Return: one line of text.
 */
const char *dmabuf_gap_why(const struct dmabuf_gap *gap);

/**
 * dmabuf_gap_count() - how much could not be seen
 * @gap: the gap
 *
 * Ownership: nothing is handed over.
 * Units: of dmabuf_gap_what().
 *
 * Context: Any thread.
 * Return: how many, 0 when that is not known either.
 */
uint64_t dmabuf_gap_count(const struct dmabuf_gap *gap);

/**
 * dmabuf_buffer_ino() - inode number of a buffer
 * @buffer: the buffer
 * @ret: the number
 *
 * The same that fstat(2) and /proc/PID/fdinfo give. On v5.10 it is not unique.
 *
 * Ownership: nothing is handed over.
 * Units: none; a name.
 * Source: dma_buf.file.f_inode.i_ino.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the collector did not know it.
 */
int dmabuf_buffer_ino(const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_size() - size of a buffer
 * @buffer: the buffer
 * @ret: the size
 *
 * Ownership: nothing is handed over.
 * Units: bytes.
 * Source: dma_buf.size.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the collector did not know it.
 */
int dmabuf_buffer_size(const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_refs() - references that keep a buffer alive
 * @buffer: the buffer
 * @ret: how many
 *
 * Ownership: nothing is handed over.
 * Units: references to the buffer's file; the collector's own is left out.
 * Source: dma_buf.file.f_ref, before v6.13 f_count.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the collector did not know it.
 */
int dmabuf_buffer_refs(const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_address() - where in the kernel a buffer is
 * @buffer: the buffer
 * @ret: the address
 *
 * For a debugger. It reveals the kernel's layout: do not show it by default.
 *
 * Ownership: nothing is handed over.
 * Units: an address in the kernel.
 * Source: the struct dma_buf itself.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the collector did not know it.
 */
int dmabuf_buffer_address(const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_attachments() - how many devices are attached to a buffer
 * @buffer: the buffer
 * @ret: how many
 *
 * Ownership: nothing is handed over.
 * Units: attachments; a device may have several.
 * Source: dma_buf.attachments.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the collector did not know it.
 */
int dmabuf_buffer_attachments(const struct dmabuf_buffer *buffer,
			      uint64_t *ret);

/**
 * dmabuf_buffer_name() - name of a buffer
 * @buffer: the buffer
 *
 * It may contain any byte: newlines, escape sequences, invalid UTF-8.
 *
 * Ownership: the string is part of the snapshot.
 * Source: dma_buf.name, as DMA_BUF_SET_NAME set it.
 *
 * Context: Any thread.
 * Return: the name, empty when it has none, NULL when that is not known.
 */
const char *dmabuf_buffer_name(const struct dmabuf_buffer *buffer);

/**
 * dmabuf_buffer_exporter() - who made a buffer
 * @buffer: the buffer
 *
 * Ownership: the string is part of the snapshot.
 * Source: dma_buf.exp_name: a heap's name, "udmabuf", a driver's name.
 *
 * Context: Any thread.
 * Return: the exporter, cut at 47 bytes, NULL when it is not known.
 */
const char *dmabuf_buffer_exporter(const struct dmabuf_buffer *buffer);

/**
 * dmabuf_buffer_released() - tell whether a buffer is released
 * @buffer: the buffer
 *
 * Ownership: nothing is handed over.
 * Units: none.
 * Source: dma_buf.list_node, of a buffer whose directory entry a descriptor
 * keeps.
 *
 * Context: Any thread.
 * Return: whether it is one of dmabuf_snapshot_next_released().
 */
bool dmabuf_buffer_released(const struct dmabuf_buffer *buffer);

/**
 * dmabuf_buffer_next_attachment() - go through the attachments of a buffer
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @prev: the one before, NULL for the first
 *
 * Ownership: the result is part of @snapshot.
 * Shape: newest first, as the kernel lists them.
 * Source: dma_buf.attachments.
 *
 * Context: Any thread.
 * Return: the next attachment, NULL after the last.
 */
const struct dmabuf_attachment *dmabuf_buffer_next_attachment(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer,
	const struct dmabuf_attachment *prev);

/**
 * dmabuf_attachment_device() - which device is attached
 * @attachment: the attachment
 *
 * Ownership: the string is part of the snapshot.
 * Source: dma_buf_attachment.dev, its dev_name().
 *
 * Context: Any thread.
 * Return: the device, NULL when it is not known.
 */
const char *dmabuf_attachment_device(
	const struct dmabuf_attachment *attachment);

/**
 * dmabuf_attachment_driver() - which driver has the attached device
 * @attachment: the attachment
 *
 * Ownership: the string is part of the snapshot.
 * Source: dma_buf_attachment.dev.driver.name.
 *
 * Context: Any thread.
 * Return: the driver, NULL when the device has none.
 */
const char *dmabuf_attachment_driver(
	const struct dmabuf_attachment *attachment);

/**
 * dmabuf_snapshot_holders_collector() - collector that read the holders
 * @snapshot: the snapshot
 *
 * Ownership: the string is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the collector's name, NULL when none did.
 */
const char *dmabuf_snapshot_holders_collector(
	const struct dmabuf_snapshot *snapshot);

/*
 * What a reference to a buffer is kept in. With a descriptor, a mapping, a GEM
 * handle or a framebuffer, a process holds the buffer, since it can use it; the
 * others only keep the buffer alive. A descriptor opened with O_PATH is only
 * told of a released buffer, whose holder is the process.
 */
enum dmabuf_ref_type {
	DMABUF_REF_FD = 1, /* a descriptor */
	DMABUF_REF_MAP = 2, /* a mapping */
	DMABUF_REF_GEM_HANDLE = 3, /* a handle of a GEM object */
	DMABUF_REF_GEM_OBJECT = 4, /* an object with handles, or shown */
	DMABUF_REF_MESSAGE = 5, /* a message in flight in a UNIX socket */
	DMABUF_REF_IO_URING = 6, /* a file registered with an io_uring */
	DMABUF_REF_V4L2 = 7, /* a buffer of a V4L2 queue */
	DMABUF_REF_ITERATOR = 8, /* a stopped dma-buf iterator */
	DMABUF_REF_FRAMEBUFFER = 9, /* a framebuffer of an open DRM file */
	DMABUF_REF_PATH = 10, /* a descriptor opened with O_PATH */
	DMABUF_REF_WAITER = 12, /* what waits for the buffer's fences */
};

/**
 * dmabuf_snapshot_searched() - tell whether a type of reference was searched
 * @snapshot: the snapshot
 * @type: one of enum dmabuf_ref_type
 *
 * Ownership: nothing is handed over.
 * Units: none.
 *
 * Context: Any thread.
 * Return: whether all references of this type were searched for. When a search
 * ended early because all references were found, the types that it left out
 * count as searched.
 */
bool dmabuf_snapshot_searched(const struct dmabuf_snapshot *snapshot, int type);

/**
 * dmabuf_buffer_next_ref() - go through the references to a buffer
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @prev: the one before, NULL for the first
 *
 * Ownership: the result is part of @snapshot.
 * Shape: sorted by process, type and place. What several processes share,
 * such as an inherited mapping's address space, is there once for each.
 * Source: iter/task_file and iter/task_vma, or /proc.
 *
 * Context: Any thread.
 * Return: the next one, NULL after the last. When no collector looked for
 * holders, nobody knows whether there is one: then NULL with errno set to
 * %ENODATA.
 */
const struct dmabuf_ref *dmabuf_buffer_next_ref(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_ref *prev);

/**
 * dmabuf_ref_type() - type of a reference
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: none; one of enum dmabuf_ref_type. A saved snapshot may have others.
 *
 * Context: Any thread.
 * Return: the type.
 */
int dmabuf_ref_type(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_type_name() - word for a type of reference
 * @type: one of enum dmabuf_ref_type
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the word that JSON has for it, "unknown" for another number.
 */
const char *dmabuf_ref_type_name(int type);

/**
 * dmabuf_ref_pid() - process that has the reference
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: a process ID, as the reader's PID namespace numbers it.
 *
 * Context: Any thread.
 * Return: the process ID, 0 when no process has it.
 */
uint32_t dmabuf_ref_pid(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_tid() - thread that has the reference
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: a thread ID, as the reader's PID namespace numbers it.
 *
 * Context: Any thread.
 * Return: a thread that has its own descriptor table, else the process ID.
 */
uint32_t dmabuf_ref_tid(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_place() - where a reference is kept
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: the number of a descriptor, the address of a mapping, a GEM handle,
 * the number of a slot or of a message.
 *
 * Context: Any thread.
 * Return: the place.
 */
uint64_t dmabuf_ref_place(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_bytes() - how much of the buffer is mapped
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: bytes.
 *
 * Context: Any thread.
 * Return: the length of a mapping, 0 for another type.
 */
uint64_t dmabuf_ref_bytes(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_offset() - where in the buffer a mapping begins
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: bytes.
 *
 * Context: Any thread.
 * Return: the offset of a mapping, UINT64_MAX when only the driver knows it, 0
 * for another type.
 */
uint64_t dmabuf_ref_offset(const struct dmabuf_ref *ref);

/**
 * dmabuf_ref_count() - number of references the kernel counts for it
 * @ref: the reference
 *
 * Ownership: nothing is handed over.
 * Units: references to the buffer's file; the sum over the references to a
 * buffer is dmabuf_buffer_explained().
 *
 * Context: Any thread.
 * Return: the number, 0 when it is counted for another process already.
 */
uint32_t dmabuf_ref_count(const struct dmabuf_ref *ref);

/**
 * enum dmabuf_by - how a file that keeps buffers is reached
 * @DMABUF_BY_FD: a process has a descriptor of it
 * @DMABUF_BY_MAP: a process has it mapped
 * @DMABUF_BY_MESSAGE: a message in another file, a socket, carries it
 * @DMABUF_BY_IO_URING: it is registered with another file, an io_uring
 * @DMABUF_BY_CONNECTION: it is a connection that was not accepted yet from
 *	another file, a listening socket
 * @DMABUF_BY_REGISTERED: it is an io_uring that a thread of a process has
 *	registered for itself, see io_uring_register_ring_fd(3)
 * @DMABUF_BY_KERNEL: the kernel has opened it for itself, such as the DRM file
 *	of its console
 * @DMABUF_BY_REQUEST: a request of another file, an io_uring, waits for it
 */
enum dmabuf_by {
	DMABUF_BY_FD = 1,
	DMABUF_BY_MAP = 2,
	DMABUF_BY_MESSAGE = 3,
	DMABUF_BY_IO_URING = 4,
	DMABUF_BY_CONNECTION = 5,
	DMABUF_BY_REGISTERED = 6,
	DMABUF_BY_KERNEL = 7,
	DMABUF_BY_REQUEST = 8,
};

/**
 * dmabuf_ref_keeper() - the file that has a reference
 * @snapshot: the snapshot
 * @ref: a reference of it
 *
 * Ownership: the result is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the socket, io_uring, DRM or V4L2 file that keeps the buffer, or NULL
 * when it is no such reference, or the file is not known.
 */
const struct dmabuf_keeper *dmabuf_ref_keeper(
	const struct dmabuf_snapshot *snapshot, const struct dmabuf_ref *ref);

/**
 * dmabuf_keeper_outer() - the file that leads to a file that keeps buffers
 * @snapshot: the snapshot
 * @keeper: a keeper of it
 *
 * Ownership: the result is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the socket or io_uring that keeps it, or NULL when a process has it.
 */
const struct dmabuf_keeper *dmabuf_keeper_outer(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_keeper *keeper);

/**
 * dmabuf_keeper_by() - how a file that keeps buffers is reached
 * @keeper: the file
 *
 * Ownership: nothing is handed over.
 * Units: none; one of enum dmabuf_by. A saved snapshot may have others.
 *
 * Context: Any thread.
 * Return: the way.
 */
int dmabuf_keeper_by(const struct dmabuf_keeper *keeper);

/**
 * dmabuf_keeper_place() - where a file that keeps buffers is
 * @keeper: the file
 *
 * Ownership: nothing is handed over.
 * Units: the number of the descriptor, the address of the mapping, the number
 * in the message, or the slot.
 *
 * Context: Any thread.
 * Return: the place.
 */
uint64_t dmabuf_keeper_place(const struct dmabuf_keeper *keeper);

/**
 * dmabuf_keeper_pid() - process that has a file that keeps buffers
 * @keeper: the file
 *
 * Ownership: nothing is handed over.
 * Units: a process ID, as the reader's PID namespace numbers it.
 *
 * Context: Any thread.
 * Return: the process that has the file, or a file that leads to it.
 */
uint32_t dmabuf_keeper_pid(const struct dmabuf_keeper *keeper);

/**
 * dmabuf_keeper_comm() - name of the process
 * @keeper: the file
 *
 * Ownership: the string is part of the snapshot.
 *
 * Context: Any thread.
 * Return: the name of the process of dmabuf_keeper_pid(), or NULL.
 */
const char *dmabuf_keeper_comm(const struct dmabuf_keeper *keeper);

/**
 * dmabuf_keeper_node() - device of a file that keeps buffers
 * @keeper: the file
 *
 * Ownership: the string is part of the snapshot.
 * Source: DEVNAME of /sys/dev/char/MAJOR:MINOR/uevent.
 *
 * Context: Any thread.
 * Return: the path of the device below /dev, such as "dri/card0"; NULL when the
 * file is no device.
 */
const char *dmabuf_keeper_node(const struct dmabuf_keeper *keeper);

/**
 * dmabuf_buffer_next_holder() - go through the processes that hold a buffer
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @prev: the one before, NULL for the first
 *
 * Ownership: the result is part of @snapshot.
 * Shape: sorted by process, each once.
 * Source: the references to the buffer, see dmabuf_buffer_next_ref().
 *
 * Context: Any thread.
 * Return: the next one, NULL after the last. When no collector looked for
 * holders, nobody knows whether there is one: then NULL with errno set to
 * %ENODATA.
 */
const struct dmabuf_holder *dmabuf_buffer_next_holder(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer, const struct dmabuf_holder *prev);

/**
 * dmabuf_holder_process() - process of a holder
 * @snapshot: the snapshot
 * @holder: a holder of it
 *
 * Ownership: the result is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the process, never NULL.
 */
const struct dmabuf_process *dmabuf_holder_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_holder *holder);

/**
 * dmabuf_holder_fds() - how many descriptors it has of the buffer
 * @holder: the holder
 *
 * Ownership: nothing is handed over.
 * Units: descriptors; of a released buffer, those opened with O_PATH.
 *
 * Context: Any thread.
 * Return: the number.
 */
uint64_t dmabuf_holder_fds(const struct dmabuf_holder *holder);

/**
 * dmabuf_holder_maps() - how many mappings it has of the buffer
 * @holder: the holder
 *
 * Ownership: nothing is handed over.
 * Units: mappings; one that was split counts as its parts.
 *
 * Context: Any thread.
 * Return: the number.
 */
uint64_t dmabuf_holder_maps(const struct dmabuf_holder *holder);

/**
 * dmabuf_holder_handles() - how many GEM handles and framebuffers it has of it
 * @holder: the holder
 *
 * Ownership: nothing is handed over.
 * Units: handles, and framebuffers.
 *
 * Context: Any thread.
 * Return: the number.
 */
uint64_t dmabuf_holder_handles(const struct dmabuf_holder *holder);

/**
 * dmabuf_holder_pss() - share of the buffer
 * @holder: the holder
 * @ret: the share
 *
 * Ownership: nothing is handed over.
 * Units: bytes; the shares of all holders of a buffer sum to its size.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when the size of the buffer is not known. While
 * dmabuf_buffer_processes() does not know all holders, the share is at most
 * that.
 */
int dmabuf_holder_pss(const struct dmabuf_holder *holder, uint64_t *ret);

/**
 * dmabuf_buffer_processes() - how many processes hold a buffer
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @ret: how many
 *
 * Ownership: nothing is handed over.
 * Units: processes, by descriptor, mapping or GEM handle.
 * Source: the references to the buffer, see dmabuf_buffer_next_ref().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when no collector looked for holders, or when not all
 * processes could be searched and not all references are explained: then others
 * may hold the buffer.
 */
int dmabuf_buffer_processes(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_kernel_only() - tell whether no process holds a buffer
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @ret: whether only the kernel holds it
 *
 * Ownership: nothing is handed over.
 * Units: none.
 * Source: the references to the buffer, see dmabuf_buffer_next_ref().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when no process was found that holds it, and
 * dmabuf_buffer_processes() does not know whether there is one.
 */
int dmabuf_buffer_kernel_only(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer, bool *ret);

/**
 * dmabuf_buffer_explained() - number of explained references
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @ret: how many
 *
 * Ownership: nothing is handed over.
 * Units: references to the buffer's file.
 * Source: the references to the buffer, see dmabuf_buffer_next_ref().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when no collector looked for holders.
 */
int dmabuf_buffer_explained(const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t *ret);

/**
 * dmabuf_buffer_unexplained() - number of unexplained references
 * @snapshot: the snapshot
 * @buffer: a buffer of it
 * @ret: how many
 *
 * Ownership: nothing is handed over.
 * Units: references to the buffer's file.
 * Source: dmabuf_buffer_refs() less dmabuf_buffer_explained().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA when it is unknown: no collector looked for holders,
 * not all processes could be searched, the number of references is unknown, or
 * it changed meanwhile.
 */
int dmabuf_buffer_unexplained(const struct dmabuf_snapshot *snapshot,
			      const struct dmabuf_buffer *buffer,
			      uint64_t *ret);

/**
 * struct dmabuf_sums - sums over buffers
 * @size: sizeof(struct dmabuf_sums), set by the caller; the rest begins as zero
 * @buffers: how many buffers
 * @bytes: bytes of all
 * @largest: bytes of the largest one
 * @attached: buffers with attachments
 * @kernel_only: bytes of the buffers that no process holds
 * @rss: bytes of the others, once for each process that holds them
 * @pss: bytes of the others, once
 * @unexplained: references that nothing explains. References that changed
 *	while they were counted are in use: they are left out
 * @judged: buffers whose unexplained references are known
 * @lacks_bytes: the size of one is not known; what is known has been added
 * @lacks_attached: it is not known whether one has attachments
 * @lacks_kernel_only: @kernel_only lacks one or its size
 * @lacks_rss: @rss lacks a holder or a size
 * @lacks_pss: @pss lacks one or its size
 * @lacks_unexplained: the references of one are not known
 */
struct dmabuf_sums {
	size_t size;
	uint64_t buffers, bytes, largest, attached;
	uint64_t kernel_only, rss, pss;
	uint64_t unexplained, judged;
	bool lacks_bytes, lacks_attached;
	bool lacks_kernel_only, lacks_rss, lacks_pss;
	bool lacks_unexplained;
};

/**
 * dmabuf_buffer_sum() - add a buffer to sums
 * @snapshot: the snapshot of the buffer
 * @buffer: the buffer
 * @sums: the sums
 *
 * The sums are those of the functions that tell of one buffer, in one step.
 * What would be larger than %UINT64_MAX stays at that.
 *
 * Ownership: nothing is handed over.
 * Units: see struct dmabuf_sums.
 * Source: those of these functions.
 *
 * Context: Any thread.
 * Return: 0, or %-EINVAL when the size of @sums is not valid.
 */
int dmabuf_buffer_sum(const struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_buffer *buffer,
		      struct dmabuf_sums *sums);

/**
 * dmabuf_sums_add() - add sums to others
 * @sums: the sums that grow
 * @more: sums over other buffers
 *
 * As dmabuf_buffer_sum() with each buffer of @more.
 *
 * Ownership: nothing is handed over.
 * Units: see struct dmabuf_sums.
 *
 * Context: Any thread.
 * Return: 0, or %-EINVAL when a size is not valid.
 */
int dmabuf_sums_add(struct dmabuf_sums *sums, const struct dmabuf_sums *more);

/**
 * dmabuf_snapshot_next_process() - go through the processes
 * @snapshot: the snapshot
 * @prev: the one before, NULL for the first
 *
 * Ownership: the result is part of @snapshot.
 * Shape: sorted by process ID, each once; processes that have a reference to a
 * buffer.
 *
 * Context: Any thread.
 * Return: the next process, NULL after the last; NULL with errno set to
 * %ENODATA when no collector looked for holders.
 */
const struct dmabuf_process *dmabuf_snapshot_next_process(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_process *prev);

/**
 * dmabuf_snapshot_find_process() - find a process by its ID
 * @snapshot: the snapshot
 * @pid: the ID
 *
 * Ownership: the result is part of @snapshot.
 *
 * Context: Any thread.
 * Return: the process, NULL when it has no reference to a buffer; NULL with
 * errno set to %ENODATA when no collector looked for holders.
 */
const struct dmabuf_process *dmabuf_snapshot_find_process(
	const struct dmabuf_snapshot *snapshot, uint32_t pid);

/**
 * dmabuf_process_pid() - ID of a process
 * @process: the process
 *
 * Ownership: nothing is handed over.
 * Units: a process ID, as the reader's PID namespace numbers it.
 *
 * Context: Any thread.
 * Return: the ID.
 */
uint32_t dmabuf_process_pid(const struct dmabuf_process *process);

/**
 * dmabuf_process_comm() - name of a process
 * @process: the process
 *
 * It may contain any byte.
 *
 * Ownership: the string is part of the snapshot.
 * Source: task_struct.comm of the thread group's leader.
 *
 * Context: Any thread.
 * Return: the name, NULL when it is not known.
 */
const char *dmabuf_process_comm(const struct dmabuf_process *process);

/**
 * dmabuf_process_cgroup() - cgroup of a process
 * @process: the process
 *
 * Ownership: the string is part of the snapshot.
 * Source: /proc/PID/cgroup, the unified hierarchy's line.
 *
 * Context: Any thread.
 * Return: its path, NULL when it is not known or the snapshot was taken without
 * cgroups.
 */
const char *dmabuf_process_cgroup(const struct dmabuf_process *process);

/**
 * struct dmabuf_usage - what a process holds
 * @size: sizeof(struct dmabuf_usage), set by the caller
 * @buffers: buffers that it holds
 * @fds: descriptors of these
 * @maps: mappings of these
 * @handles: GEM handles and framebuffers of these
 * @rss: bytes of these buffers, each counted once and whole
 * @pss: bytes, each buffer divided by the number of processes that hold it
 * @kept_buffers: other buffers, which it only keeps alive: in messages, queues
 *	and rings of its files, or by waiting for fences
 * @kept: bytes of the kept buffers, each counted once and whole
 * @lacks_sizes: the size of one of the buffers that it holds is not known, and
 *	is missing in @rss and @pss
 * @lacks_kept: there may be more kept buffers, or the size of one is not known
 * @uncertain: buffers of these that other processes may hold too, which could
 *	not be found: then the share is at most @pss
 * @released_buffers: released buffers that its descriptors opened with O_PATH
 *	keep; none of the above has them
 * @released: bytes of these, each counted once and whole
 * @lacks_released: there may be more of these, or the size of one is not known
 */
struct dmabuf_usage {
	size_t size;
	uint64_t buffers, fds, maps, handles;
	uint64_t rss, pss;
	uint64_t kept_buffers, kept;
	bool lacks_sizes, lacks_kept;
	uint64_t uncertain;
	uint64_t released_buffers, released;
	bool lacks_released;
};

/**
 * dmabuf_process_usage() - sum up what a process holds
 * @process: the process
 * @ret: the sums; as much as its size says is filled
 *
 * Ownership: nothing is handed over.
 * Units: see struct dmabuf_usage. The PSS of all processes and the bytes of
 * all buffers that no process holds sum to the bytes of all buffers.
 *
 * Context: Any thread.
 * Return: 0, or %-EINVAL when the size of @ret is not valid.
 */
int dmabuf_process_usage(const struct dmabuf_process *process,
			 struct dmabuf_usage *ret);

/**
 * dmabuf_snapshot_save() - write a snapshot to a file
 * @ctx: the context; takes the reason of a failure
 * @snapshot: the snapshot
 * @fd: where to, at its current position
 *
 * Kernel addresses are left out: a saved snapshot may be shown to others. The
 * format is in docs/snapshot-format.md.
 *
 * Ownership: @fd stays the caller's.
 * Shape: a header and the records.
 *
 * Context: Writes to @fd.
 * Return: 0, or the negative errno of write(2).
 */
int dmabuf_snapshot_save(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot *snapshot, int fd);

/**
 * dmabuf_snapshot_load() - read a snapshot from a file
 * @ctx: the context; takes the reason of a failure
 * @fd: where from, at its current position
 * @ret: the new snapshot
 *
 * Ownership: the caller frees @ret with dmabuf_snapshot_free(); @fd stays the
 * caller's.
 * Shape: as dmabuf_snapshot_take() gives it.
 *
 * Context: Reads @fd to its end. Every byte of it may be wrong.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EBADMSG - not a snapshot, or damaged
 * * %-ENODATA - truncated
 * * %-EPROTONOSUPPORT - of a newer version than this library supports
 * * %-ENOMEM - out of memory
 * * another negative errno of read(2)
 */
int dmabuf_snapshot_load(struct dmabuf_ctx *ctx, int fd,
			 struct dmabuf_snapshot **ret);

/**
 * struct dmabuf_pin_opts - options of pinned iterators
 * @size: sizeof(struct dmabuf_pin_opts)
 * @mode: permissions of the files; 0 means 0400, and 0440 with @set_group
 * @gid: their group, when @set_group
 * @set_group: whether they belong to @gid, not to the caller's group
 */
struct dmabuf_pin_opts {
	size_t size;
	uint32_t mode;
	uint32_t gid;
	bool set_group;
};

/**
 * dmabuf_pin() - pin the iterators as files, for readers without capabilities
 * @ctx: the context
 * @opts: options, or NULL for the defaults
 *
 * Pins in /sys/fs/bpf/dmabuf:
 *
 * * records - the buffers, for the collector "pinned"
 * * prog_dmabufIter_iter_dmabuf - the same as text, in the format and at the
 *   place that Android's readers know
 * * descriptors - the descriptors of all processes, for "pinned_holders"
 * * mappings - their mappings, if the kernel has an iterator over them (5.12)
 *
 * None gives away kernel addresses. Readers see the names and the IDs of the
 * processes that hold buffers.
 *
 * Ownership: the files stay until dmabuf_unpin() or a reboot.
 *
 * Context: Loads BPF programs. Needs CAP_BPF, CAP_PERFMON and a BPF file
 * system on /sys/fs/bpf.
 * Return: 0, or, with the reason in dmabuf_ctx_error() and nothing left behind,
 * * %-EEXIST - they are pinned already
 * * %-EPERM - the folder is another user's, or others may write to it
 * * %-ENODATA - this kernel truncates the iterator; readers could not tell
 * * another negative errno
 */
int dmabuf_pin(struct dmabuf_ctx *ctx, const struct dmabuf_pin_opts *opts);

/**
 * dmabuf_unpin() - remove the pinned iterators
 * @ctx: the context
 *
 * Ownership: readers that have a file open may go on reading it.
 *
 * Context: Removes files.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOENT - nothing is pinned
 * * %-EPERM - the folder is another user's, or others may write to it
 * * another negative errno
 */
int dmabuf_unpin(struct dmabuf_ctx *ctx);

/**
 * dmabuf_version() - version of the library
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the version, such as "0.1.0".
 */
const char *dmabuf_version(void);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
