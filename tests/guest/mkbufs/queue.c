// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/queue.h"
#include "mkbufs/vivid.h"
#include "mkbufs/world.h"

enum { MAX_QUEUED = 32 }; /* VIDEO_MAX_FRAME, which every queue allows */

/*
 * Reads whether vivid attaches the buffers in its queue. It does so only with
 * allocators=1 (dma-contig). The default, vmalloc, maps a buffer into the
 * kernel without an attachment. Return: 0, 1 or -errno.
 */
static int vivid_attaches(int node)
{
	char line[512], *s = line;
	struct device d;
	unsigned int i;
	size_t len;
	FILE *f;

	if (device_of(node, &d) || sscanf(d.name, "vivid.%u", &i) != 1)
		return -ENODEV;
	f = fopen("/sys/module/vivid/parameters/allocators", "re");
	if (!f)
		return -errno;
	len = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[len] = '\0';
	while (i-- && s)
		s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL;
	return s ? *s == '1' : -ENODATA;
}

static int queue_open(struct world *w)
{
	struct v4l2_format fmt = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	struct v4l2_requestbuffers req = {
		.count = MAX_QUEUED,
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int fd, err;

	fd = vivid_open(V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING);
	if (fd < 0)
		return fd;
	err = xioctl(fd, VIDIOC_G_FMT, &fmt);
	if (!err)
		err = xioctl(fd, VIDIOC_REQBUFS, &req);
	if (err) {
		close(fd);
		return err;
	}
	w->v4l2_fd = fd;
	w->v4l2_count = req.count;
	w->v4l2_size = fmt.fmt.pix.sizeimage;
	return 0;
}

/*
 * Queues the buffer in vivid's output, which keeps it as long as the file is
 * open. Each try needs a new index: after an error videobuf2 no longer knows
 * the length of that index and refuses other buffers.
 */
static int buf_queue(struct world *w, struct buf *b)
{
	struct v4l2_buffer v = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
		.field = V4L2_FIELD_NONE,
		.index = w->v4l2_next++,
		.m.fd = b->fd,
		.length = b->size,
		.bytesused = w->v4l2_size,
	};
	int err, attaches;

	if (v.index >= w->v4l2_count)
		return -ENOBUFS;
	attaches = vivid_attaches(w->v4l2_fd);
	err = xioctl(w->v4l2_fd, VIDIOC_QBUF, &v);
	if (err)
		return err;
	buf_add_refs(b, REF_V4L2, 1);
	if (attaches < 0)
		b->att_unknown = true;
	else if (attaches)
		buf_add_attachment(b, w->v4l2_fd);
	return 0;
}

struct buf *queue_make(struct world *w, const char *name)
{
	struct buf *b;
	size_t i;
	int err;

	err = queue_open(w);
	if (err) {
		skip(w, "queue", "vivid's output: %s", strerror(-err));
		return NULL;
	}
	for (i = 0; i < w->nexporters; i++) {
		b = buf_try(w, &w->exporters[i], pages(w->v4l2_size));
		if (!b)
			continue;
		buf_name(b, name);
		err = buf_queue(w, b);
		if (!err)
			return b;
		skip(w, "queue", "in vivid's output, from %s: %s",
		     w->exporters[i].name, strerror(-err));
		buf_drop(w);
	}
	return NULL;
}
