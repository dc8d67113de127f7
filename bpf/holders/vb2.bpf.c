// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in queues of V4L2 devices. This is a separate program, since its
 * types may belong to modules.
 */
#include "common/indirect.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define MINOR_MASK ((1U << MINOR_BITS) - 1)
#define FRAMES_MAX 1024
#define PLANES_MAX 8

struct vb2_plane {
	struct dma_buf *dbuf;
} core;

/* Planes in one buffer share its reference since v6.12. */
struct vb2_plane___shared {
	bool dbuf_duplicated;
} core;

struct vb2_buffer {
	unsigned int num_planes;
	struct vb2_plane planes[PLANES_MAX];
} core;

/* Since v6.8 the frames are in an allocated array of any length. */
struct vb2_queue {
	struct vb2_buffer **bufs;
	unsigned int max_num_buffers;
	void *owner;
} core;

struct vb2_queue___array {
	struct vb2_buffer *bufs[32];
	unsigned int num_buffers;
} core;

struct video_device {
	int minor;
	struct vb2_queue *queue;
} core;

struct v4l2_m2m_queue_ctx {
	struct vb2_queue q;
} core;

struct v4l2_m2m_ctx {
	struct v4l2_m2m_queue_ctx cap_q_ctx;
	struct v4l2_m2m_queue_ctx out_q_ctx;
} core;

struct v4l2_fh {
	struct video_device *vdev;
	struct v4l2_m2m_ctx *m2m_ctx;
} core;

/* The current queue and frame. */
static struct {
	void *frames;
	u32 n_frames;
	struct vb2_buffer *frame;
	u32 n_planes;
} now SEC(".bss");

static __always_inline u32 frames_of(struct vb2_queue *queue)
{
	struct vb2_queue___array *old = (void *)queue;

	if (bpf_core_field_exists(struct vb2_queue, max_num_buffers))
		return BPF_CORE_READ(queue, max_num_buffers);
	return BPF_CORE_READ(old, num_buffers);
}

static __always_inline void *frames_at(struct vb2_queue *queue)
{
	if (bpf_core_field_exists(struct vb2_queue, max_num_buffers))
		return BPF_CORE_READ(queue, bufs);
	return (void *)queue +
	       bpf_core_field_offset(struct vb2_queue___array, bufs);
}

static __always_inline bool shares_reference(void *plane)
{
	struct vb2_plane___shared *p = plane;

	return bpf_core_field_exists(struct vb2_plane___shared,
				     dbuf_duplicated) &&
	       BPF_CORE_READ(p, dbuf_duplicated);
}

static long read_plane(u32 i, void *unused)
{
	struct vb2_plane *plane;
	struct dma_buf *db;

	if (i >= now.n_planes)
		return 1;
	plane = (void *)now.frame +
		bpf_core_field_offset(struct vb2_buffer, planes) +
		i * bpf_core_type_size(struct vb2_plane);
	db = BPF_CORE_READ(plane, dbuf);
	at.file = db ? BPF_CORE_READ(db, file) : NULL;
	at.place = i;
	at.refs = !shares_reference(plane);
	keep();
	return 0;
}

/* Emit the buffers of the planes of a frame. */
static __always_inline long frame_at(u32 i, bool bounded)
{
	struct vb2_buffer *frame = NULL;

	if (i >= now.n_frames)
		return 1;
	bpf_probe_read_kernel(&frame, sizeof(frame),
			      now.frames + i * sizeof(frame));
	if (!frame)
		return 0;
	at.table = (u64)frame;
	now.frame = frame;
	now.n_planes = BPF_CORE_READ(frame, num_planes);
	REPEAT(bounded, PLANES_MAX, read_plane);
	return 0;
}

/* Global functions, as keep(). */
__noinline int read_frame(u32 i)
{
	return frame_at(i, false);
}

__noinline int read_frame_bounded(u32 i)
{
	return frame_at(i, true);
}

static long frame_turn(u32 i, void *unused)
{
	return is_last(read_frame(i));
}

static __always_inline long frame_turn_bounded(u32 i, void *unused)
{
	return read_frame_bounded(i);
}

static __always_inline void read_queue(struct vb2_queue *queue, bool bounded)
{
	now.n_frames = frames_of(queue);
	now.frames = frames_at(queue);
	if (bounded)
		REPEAT(true, FRAMES_MAX, frame_turn_bounded);
	else
		REPEAT(false, FRAMES_MAX, frame_turn);
	if (now.n_frames > FRAMES_MAX)
		at.cut = 1;
}

static __always_inline int read(struct bpf_iter__task_file *ctx, bool bounded)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct video_device *vdev;
	struct v4l2_m2m_ctx *m2m;
	struct vb2_queue *queue;
	struct v4l2_fh *fh;

	if (!task || !file || !is_video(file))
		return 0;
	/* Old drivers may store something else there. */
	fh = file->private_data;
	vdev = BPF_CORE_READ(fh, vdev);
	if (BPF_CORE_READ(vdev, minor) != (file_rdev(file) & MINOR_MASK))
		return 0;

	begin_file(ctx->meta, task);
	at.type = DMABUF_REC_REF_V4L2;
	/* A device has one queue. Its owner is the file that asked for frames.
	 */
	queue = BPF_CORE_READ(vdev, queue);
	if (queue && BPF_CORE_READ(queue, owner) == fh)
		read_queue(queue, bounded);
	m2m = BPF_CORE_READ(fh, m2m_ctx);
	if (m2m) {
		read_queue((void *)m2m +
				   bpf_core_field_offset(struct v4l2_m2m_ctx,
							 cap_q_ctx.q),
			   bounded);
		read_queue((void *)m2m +
				   bpf_core_field_offset(struct v4l2_m2m_ctx,
							 out_q_ctx.q),
			   bounded);
	}
	return end_file(ctx->meta);
}

ITER("task_file")
int read_v4l2(struct bpf_iter__task_file *ctx)
{
	return read(ctx, false);
}

ITER("task_file")
int read_v4l2_bounded(struct bpf_iter__task_file *ctx)
{
	return read(ctx, true);
}
