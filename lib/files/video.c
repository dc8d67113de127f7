// SPDX-License-Identifier: LGPL-2.1-or-later
/* V4L2 devices: the buffers in their queues. */
#include <linux/videodev2.h>

#include "files/kinds.h"
#include "util/cleanup.h"

enum {
	FRAMES_MAX = 1 << 15, /* of a queue */
	PLANES_MAX = 8, /* of a frame: VIDEO_MAX_PLANES */
};

const enum kernel_field video_needs[] = {
	FIELD_v4l2_fh_vdev,
	FIELD_v4l2_fh_m2m_ctx,
	FIELD_video_device_device_caps,
	FIELD_video_device_minor,
	FIELD_video_device_queue,
	FIELD_vb2_queue_bufs,
	FIELD_vb2_queue_owner,
	FIELD_vb2_buffer_num_planes,
	FIELD_vb2_buffer_planes,
	FIELD_vb2_plane_SIZE,
	FIELD_vb2_plane_dbuf,
	FIELDS,
};

/* Planes in one buffer share its reference since v6.12. */
static bool shares_reference(struct reach *reach, uint64_t plane)
{
	uint8_t shared = 0;

	if (HAS(&reach->layout, vb2_plane, dbuf_duplicated))
		memory_read(reach->memory,
			    plane + OFFSET(reach, vb2_plane, dbuf_duplicated),
			    &shared, sizeof(shared));
	return shared;
}

static void read_frame(struct reach *reach, const struct keeper *keeper,
		       uint64_t frame)
{
	struct slot slot = { .type = DMABUF_REC_REF_V4L2, .table = frame };
	uint64_t plane = frame + OFFSET(reach, vb2_buffer, planes), buffer;
	uint32_t n;

	n = memory_u32(reach->memory,
		       frame + OFFSET(reach, vb2_buffer, num_planes));
	for (; slot.place < n && slot.place < PLANES_MAX; slot.place++) {
		buffer = FOLLOW(reach, plane, vb2_plane, dbuf);
		if (buffer) {
			slot.refs = !shares_reference(reach, plane);
			reach_buffer(reach, keeper, buffer, &slot);
		}
		plane += OFFSET(reach, vb2_plane, SIZE);
	}
}

/*
 * Since v6.8 the frames of a queue are in an allocated array of any length.
 * Return: the address of the array; @n takes its length.
 */
static uint64_t find_frames(struct reach *reach, uint64_t queue, uint32_t *n)
{
	const uint64_t bufs = queue + OFFSET(reach, vb2_queue, bufs);

	*n = 0;
	if (HAS(&reach->layout, vb2_queue, max_num_buffers)) {
		*n = memory_u32(reach->memory, queue + OFFSET(reach, vb2_queue,
							      max_num_buffers));
		return memory_u64(reach->memory, bufs);
	}
	if (HAS(&reach->layout, vb2_queue, num_buffers))
		*n = memory_u32(reach->memory,
				queue + OFFSET(reach, vb2_queue, num_buffers));
	return bufs;
}

static void read_queue(struct reach *reach, const struct keeper *keeper,
		       uint64_t queue)
{
	_cleanup_(vec_fini) struct vec frames = VEC_OF(uint64_t);
	const uint64_t *frame = NULL;
	uint64_t first;
	uint32_t n;

	first = find_frames(reach, queue, &n);
	reach_array(reach, keeper, first, n, FRAMES_MAX, &frames);
	while ((frame = vec_next(&frames, frame)))
		if (*frame)
			read_frame(reach, keeper, *frame);
}

/* The two queues of a device that turns frames into others. */
static void read_queues_of_file(struct reach *reach,
				const struct keeper *keeper, uint64_t m2m)
{
	const struct layout *l = &reach->layout;
	const uint32_t q = AT(l, v4l2_m2m_queue_ctx, q);

	if (!m2m)
		return;
	/* Without a device of this kind, its module is not loaded. */
	if (q == LAYOUT_NONE || !HAS(l, v4l2_m2m_ctx, cap_q_ctx)) {
		reach->missing |= 1U << keeper->kind;
		return;
	}
	read_queue(reach, keeper, m2m + AT(l, v4l2_m2m_ctx, cap_q_ctx) + q);
	read_queue(reach, keeper, m2m + AT(l, v4l2_m2m_ctx, out_q_ctx) + q);
}

/*
 * Whether a device has frames, and no queue that its class knows. Before v6.17,
 * cameras on USB are such devices.
 */
static bool has_own_queue(struct reach *reach, uint64_t vdev, uint64_t queue,
			  uint64_t m2m)
{
	return !queue && !m2m &&
	       memory_u32(reach->memory,
			  vdev + OFFSET(reach, video_device, device_caps)) &
		       V4L2_CAP_STREAMING;
}

void video_read(struct reach *reach, const struct keeper *keeper)
{
	const uint64_t handle = keeper->object;
	const uint32_t bit = 1U << keeper->kind;
	uint64_t vdev, queue, m2m;

	/* Old drivers may store something else there. */
	vdev = FOLLOW(reach, handle, v4l2_fh, vdev);
	if (!vdev || memory_u32(reach->memory,
				vdev + OFFSET(reach, video_device, minor)) !=
			     (keeper->rdev & MINOR_MASK)) {
		reach->opaque |= bit;
		return;
	}
	/*
	 * A device has one queue. Its owner is the file that asked for frames.
	 */
	queue = FOLLOW(reach, vdev, video_device, queue);
	m2m = FOLLOW(reach, handle, v4l2_fh, m2m_ctx);
	if (has_own_queue(reach, vdev, queue, m2m))
		reach->opaque |= bit;
	if (queue && FOLLOW(reach, queue, vb2_queue, owner) == handle)
		read_queue(reach, keeper, queue);
	read_queues_of_file(reach, keeper, m2m);
}
