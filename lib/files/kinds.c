// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/kinds.h"

#define COVERS(type) DMABUF_REC_COVERS(DMABUF_REC_REF_##type)

static const char *const drm_modules[] = { "drm", NULL };
static const char *const video_modules[] = { "videodev", "videobuf2_common",
					     "v4l2_mem2mem", NULL };

const struct kind kinds[KEEPER_KINDS] = {
	[KEEPER_SOCKET] = { "messages in flight", COVERS(MESSAGE), NULL,
			    socket_needs, socket_read },
	[KEEPER_RING] = { "files of io_urings", COVERS(IO_URING), NULL,
			  ring_needs, ring_read },
	[KEEPER_ITERATOR] = { "stopped iterators", COVERS(ITERATOR), NULL,
			      iterator_needs, iterator_read },
	[KEEPER_DRM] = { "GEM handles",
			 COVERS(GEM_HANDLE) | COVERS(GEM_OBJECT) |
				 COVERS(FRAMEBUFFER),
			 drm_modules, drm_needs, NULL, drm_read },
	[KEEPER_DISPLAY] = { "framebuffers of displays", COVERS(GEM_OBJECT),
			     drm_modules, display_needs, display_read },
	/* The types of its references are covered by the files. */
	[KEEPER_DEVICE] = { "the kernel's own DRM clients", 0, drm_modules,
			    device_needs, device_read },
	[KEEPER_VIDEO] = { "buffers in V4L2 queues", COVERS(V4L2),
			   video_modules, video_needs, video_read },
	[KEEPER_BUFFER] = { "waiters for fences", COVERS(WAITER), NULL,
			    waiters_needs, waiters_read },
};
