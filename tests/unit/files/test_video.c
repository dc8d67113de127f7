// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers of V4L2 queues, in both layouts of kernels, and damaged queues. */
#include <linux/videodev2.h>

#include "tests/unit/files/kernel.h"

enum { VIDEO_DEVICE = 81 << 20, MINOR = 2 };

/* Makes the queue of a device, and the file that owns it. */
static uint64_t make_queue(struct reach *reach)
{
	const uint64_t handle = kernel_object(), device = kernel_object(),
		       queue = kernel_object();

	PUT(reach, handle, v4l2_fh, vdev, device);
	kernel_put32(device, OFFSET(reach, video_device, minor), MINOR);
	PUT(reach, device, video_device, queue, queue);
	PUT(reach, queue, vb2_queue, owner, handle);
	kernel_root(reach,
		    kernel_file(reach, S_IFCHR, VIDEO_DEVICE | MINOR, handle),
		    6);
	return queue;
}

/* Makes a frame whose first plane is in a buffer. */
static uint64_t make_frame(struct reach *reach, uint64_t buffer,
			   uint32_t planes)
{
	const uint64_t frame = kernel_object();

	kernel_put32(frame, OFFSET(reach, vb2_buffer, num_planes), planes);
	kernel_put(frame,
		   OFFSET(reach, vb2_buffer, planes) +
			   OFFSET(reach, vb2_plane, dbuf),
		   buffer);
	return frame;
}

/* Makes the array of @n frames, of which the first one is there. */
static void set_frames(struct reach *reach, uint64_t queue, uint64_t frame,
		       uint32_t n)
{
	const uint64_t frames = kernel_object_of(sizeof(frame));

	kernel_put(frames, 0, frame);
	PUT(reach, queue, vb2_queue, bufs, frames);
	kernel_put32(queue, OFFSET(reach, vb2_queue, max_num_buffers), n);
}

static void search(struct reach *reach)
{
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

static void test_queue(void **state)
{
	struct reach *reach = *state;
	const uint64_t queue = make_queue(reach), buffer = kernel_buffer(reach);

	set_frames(reach, queue, make_frame(reach, buffer, 1), 1);
	search(reach);
	assert_int_equal(kernel_ref(reach, buffer, DMABUF_REC_REF_V4L2)->pid,
			 6);
}

/* Before v6.8, the frames are in the queue itself. */
static void test_old_queue(void **state)
{
	struct reach *reach = *state;
	const uint64_t queue = make_queue(reach), buffer = kernel_buffer(reach);

	AT(&reach->layout, vb2_queue, max_num_buffers) = LAYOUT_NONE;
	kernel_put32(queue, OFFSET(reach, vb2_queue, num_buffers), 1);
	PUT(reach, queue, vb2_queue, bufs, make_frame(reach, buffer, 1));
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_V4L2);
}

/*
 * Makes the file of a device without a queue. @m2m: its context, if it turns
 * frames into others. Return: the device.
 */
static uint64_t make_other(struct reach *reach, uint32_t caps, uint64_t m2m)
{
	const uint64_t queue = make_queue(reach);
	const uint64_t handle = memory_u64(
		reach->memory, queue + OFFSET(reach, vb2_queue, owner));
	const uint64_t device = memory_u64(
		reach->memory, handle + OFFSET(reach, v4l2_fh, vdev));

	PUT(reach, device, video_device, queue, 0);
	kernel_put32(device, OFFSET(reach, video_device, device_caps), caps);
	PUT(reach, handle, v4l2_fh, m2m_ctx, m2m);
	return device;
}

/* A device has frames, but not where others have them. */
static void test_own_queue(void **state)
{
	struct reach *reach = *state;

	make_other(reach, V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING, 0);
	search(reach);
	assert_int_equal(reach->opaque, 1U << KEEPER_VIDEO);
}

static void test_no_frames(void **state)
{
	struct reach *reach = *state;

	make_other(reach, V4L2_CAP_TUNER, 0);
	search(reach);
	assert_int_equal(reach->opaque, 0);
}

static void test_two_queues(void **state)
{
	struct reach *reach = *state;

	make_other(reach, V4L2_CAP_VIDEO_M2M | V4L2_CAP_STREAMING,
		   kernel_object());
	search(reach);
	assert_int_equal(reach->opaque, 0);
}

/* Another file asked for the frames. */
static void test_other_owner(void **state)
{
	struct reach *reach = *state;
	const uint64_t queue = make_queue(reach), buffer = kernel_buffer(reach);

	PUT(reach, queue, vb2_queue, owner, kernel_object());
	set_frames(reach, queue, make_frame(reach, buffer, 1), 1);
	search(reach);
	assert_int_equal(reach->refs.n, 0);
}

/* The array ends after one frame, and the queue says 2^32 - 1. */
static void test_too_long(void **state)
{
	struct reach *reach = *state;
	const uint64_t queue = make_queue(reach), buffer = kernel_buffer(reach);

	set_frames(reach, queue, make_frame(reach, buffer, 1), UINT32_MAX);
	search(reach);
	assert_int_equal(reach->cut, 1U << KEEPER_VIDEO);
}

/* A frame has 8 planes at most. */
static void test_planes(void **state)
{
	struct reach *reach = *state;
	const uint64_t queue = make_queue(reach), buffer = kernel_buffer(reach);

	set_frames(reach, queue, make_frame(reach, buffer, UINT32_MAX), 1);
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_V4L2);
	assert_in_range(kernel_reads, 1, 50);
}

/* A driver whose files are no handles of V4L2. */
static void test_no_handle(void **state)
{
	struct reach *reach = *state;

	kernel_root(reach,
		    kernel_file(reach, S_IFCHR, VIDEO_DEVICE | MINOR,
				kernel_object()),
		    6);
	search(reach);
	assert_int_equal(reach->refs.n, 0);
	assert_int_equal(reach->opaque, 1U << KEEPER_VIDEO);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_queue),      KERNEL_TEST(test_old_queue),
		KERNEL_TEST(test_own_queue),  KERNEL_TEST(test_no_frames),
		KERNEL_TEST(test_two_queues), KERNEL_TEST(test_other_owner),
		KERNEL_TEST(test_too_long),   KERNEL_TEST(test_planes),
		KERNEL_TEST(test_no_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
