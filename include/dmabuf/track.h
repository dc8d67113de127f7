/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Births of dma-bufs: who made each buffer, and when.
 *
 * BPF programs note it as buffers are made. They and what they noted are pinned
 * below /sys/fs/bpf, so no process has to stay. Snapshots join births to
 * buffers: see dmabuf_buffer_birth().
 */
#ifndef DMABUF_TRACK_H
#define DMABUF_TRACK_H

#include <dmabuf/dmabuf.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* The most frames that are kept of a stack. */
#define DMABUF_TRACK_FRAMES_MAX 64

/* The most bytes of a pattern of exporters, with the zero that ends it. */
#define DMABUF_TRACK_GLOB_LEN 64

/**
 * struct dmabuf_track_opts - options of dmabuf_track_on()
 * @size: sizeof(struct dmabuf_track_opts)
 * @max: how many births there is room for, 0 for 65,536. Those of more buffers
 *	than that are counted as lost
 * @frames: how many frames are kept of each stack, the kernel's and that of
 *	user space: 1 to 64, 0 for 20. A birth takes 40 bytes more for each
 * @no_stacks: whether to note no stacks
 * @exporter: note births only of buffers of exporters whose name matches this
 *	pattern, as fnmatch(3) without flags does; NULL: of all
 * @gid: a group that may read births without capabilities: all but stacks
 * @set_group: whether there is such a group
 */
struct dmabuf_track_opts {
	size_t size;
	uint32_t max;
	uint32_t frames;
	bool no_stacks;
	const char *exporter;
	uint32_t gid;
	bool set_group;
};

/**
 * dmabuf_track_on() - begin to note births
 * @ctx: the context
 * @opts: options, or NULL for the defaults
 *
 * Nothing is noted of buffers that are there already.
 *
 * Ownership: nothing is handed over; dmabuf_track_off() ends it.
 *
 * Context: Needs CAP_BPF, CAP_PERFMON, and a BPF file system on /sys/fs/bpf.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EEXIST - births are noted already
 * * %-EINVAL - @opts is not understood, asks for too many frames, or the
 *   pattern is empty, too long, or has brackets with bytes that are not ASCII
 * * %-EOPNOTSUPP - @ctx reads a recorded tree
 * * %-ENOMEM - out of memory
 * * another negative errno - this kernel or this user cannot
 */
int dmabuf_track_on(struct dmabuf_ctx *ctx,
		    const struct dmabuf_track_opts *opts);

/**
 * dmabuf_track_off() - end it, and forget all births
 * @ctx: the context
 *
 * Ownership: nothing is handed over.
 *
 * Context: May remove files below /sys/fs/bpf.
 * Return: 0, %-ENOENT when no births are noted, or another negative errno, with
 * the reason in dmabuf_ctx_error()
 */
int dmabuf_track_off(struct dmabuf_ctx *ctx);

/**
 * struct dmabuf_track_status - what was noted so far
 * @size: sizeof(struct dmabuf_track_status), set by the caller
 * @since_ns: how long ago it began, in nanoseconds that the system was up or
 *	suspended
 * @births: buffers that are alive and have a birth
 * @noted: births since then, those of freed buffers too
 * @lost: buffers that were made when there was no room, or that no program saw:
 *	the kernel skips programs at times
 * @max: how many births there is room for
 * @memory: bytes of kernel memory for them, 0 when the kernel does not tell
 * @frames: how many frames of each stack are kept, 0: no stacks
 * @others: buffers of exporters that do not match @exporter. They have no
 *	birth, and are not lost
 * @exporter: the pattern; empty: births of all exporters are noted
 */
struct dmabuf_track_status {
	size_t size;
	uint64_t since_ns;
	uint64_t births;
	uint64_t noted;
	uint64_t lost;
	uint64_t max;
	uint64_t memory;
	uint64_t frames;
	uint64_t others;
	char exporter[DMABUF_TRACK_GLOB_LEN];
};

/**
 * dmabuf_track_status() - tell what was noted so far
 * @ctx: the context
 * @ret: takes it; as much as its size says is filled
 *
 * Ownership: nothing is handed over.
 *
 * Context: Needs to open what dmabuf_track_on() pinned.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOENT - no births are noted
 * * %-EINVAL - the size of @ret is not valid
 * * another negative errno
 */
int dmabuf_track_status(struct dmabuf_ctx *ctx,
			struct dmabuf_track_status *ret);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
