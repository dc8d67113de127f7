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

/* A new open file of the first vivid node that can do what @caps say. */
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
 * The smallest picture that the node can do, or @size bytes if that is more.
 * The queue is given up again: the memory lives on in the exported buffer.
 */
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
	struct v4l2_pix_format *pix = &create.format.fmt.pix;
	int err;

	err = xioctl(e->fd, VIDIOC_G_FMT, &create.format);
	if (err)
		return err;
	pix->width = 16;
	pix->height = 16;
	err = xioctl(e->fd, VIDIOC_S_FMT, &create.format);
	if (err)
		return err;
	if (pix->sizeimage < size)
		pix->sizeimage = size;
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
