// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/vivid.h"
#include "mkbufs/world.h"

int vivid_open(uint32_t caps)
{
	struct v4l2_capability cap;
	int i, fd, err = -ENODEV;
	char path[32];

	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/dev/video%d", i);
		fd = open_node(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0) {
			err = fd;
			continue;
		}
		if (!xioctl(fd, VIDIOC_QUERYCAP, &cap) &&
		    !strcmp((const char *)cap.driver, "vivid") &&
		    (cap.device_caps & caps) == caps)
			return fd;
		close(fd);
	}
	return err;
}

/*
 * Asks for the smallest picture of the node, or for @size bytes if that is
 * more.
 */
static int vivid_set_format(int node, size_t size, struct v4l2_format *format)
{
	struct v4l2_pix_format *pix = &format->fmt.pix;
	int err;

	err = xioctl(node, VIDIOC_G_FMT, format);
	if (err)
		return err;
	pix->width = 16;
	pix->height = 16;
	err = xioctl(node, VIDIOC_S_FMT, format);
	if (err)
		return err;
	if (pix->sizeimage < size)
		pix->sizeimage = size;
	return 0;
}

/* Frees the queue at once: the exported buffer keeps the memory. */
static int vivid_make(const struct exporter *e, size_t size)
{
	struct v4l2_create_buffers create = {
		.count = 1,
		.memory = V4L2_MEMORY_MMAP,
		.format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
	};
	struct v4l2_requestbuffers none = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	struct v4l2_exportbuffer export = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.flags = O_RDWR | O_CLOEXEC,
	};
	int err;

	err = vivid_set_format(e->fd, size, &create.format);
	if (err)
		return err;
	err = xioctl(e->fd, VIDIOC_CREATE_BUFS, &create);
	if (err)
		return err;
	export.index = create.index;
	err = xioctl(e->fd, VIDIOC_EXPBUF, &export);
	xioctl(e->fd, VIDIOC_REQBUFS, &none);
	return err ? err : export.fd;
}

void vivid_probe(struct world *w)
{
	int fd = vivid_open(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING);

	if (fd == -ENODEV)
		skip(w, "vivid", "no /dev/video* of this driver that captures");
	else if (fd < 0)
		skip(w, "vivid", "/dev/video*: %s", strerror(-fd));
	else
		exporter_add(w, "vivid", fd, vivid_make);
}
