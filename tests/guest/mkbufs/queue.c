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

enum { MAX_QUEUED = 32 }; /* every queue takes that (VIDEO_MAX_FRAME) */

/*
 * vivid attaches what is queued in it only with allocators=1 (dma-contig). Its
 * default, vmalloc, maps the buffer into the kernel and attaches nothing.
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

/* Opens vivid's output for buf_queue(). */
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
 * Queue in vivid's output; the queue holds it as long as its file is open. An
 * index that was refused a buffer takes no other: videobuf2 has forgotten its
 * length then.
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

/*
 * A buffer in the queue of vivid's output, or NULL. Not every exporter's will
 * do: with allocators=1 vivid wants contiguous memory.
 */
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
